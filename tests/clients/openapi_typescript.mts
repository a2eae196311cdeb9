// Read answers through the types that openapi-typescript generates; print what they say as JSON. Not a test by itself.
import createClient from "openapi-fetch";

import type { components, paths } from "./api.mjs";

const client = createClient<paths>({ baseUrl: process.argv[2]! });
const as_of = "2026-03-01";

function answered<T>(answer: { data?: T; error?: unknown }): T {
  if (answer.data === undefined) throw new Error(JSON.stringify(answer.error));
  return answer.data;
}

type Pages = "JurisdictionPage" | "MeasurePage" | "TimelinePage" | "Comparison" | "Diff";
// An answer may also be a table, or have fewer keys; these requests ask for neither.
const whole = <Name extends Pages>(body: unknown): components["schemas"][Name] => body as components["schemas"][Name];

const card = answered(await client.GET("/v1/jurisdictions/{ref}", { params: { path: { ref: "VA" }, query: { as_of } } }));
const measures = answered(await client.GET("/v1/measures", { params: { query: { kind: ["ban", "mandate"], as_of } } }));
const firstPage = whole<"JurisdictionPage">(answered(await client.GET("/v1/jurisdictions", { params: { query: { limit: 40, as_of } } })));
const cursor = firstPage.next_cursor!;
const secondPage = answered(await client.GET("/v1/jurisdictions", { params: { query: { limit: 40, as_of, cursor } } }));
const comparison = answered(await client.GET("/v1/compare", { params: { query: { jurisdictions: ["VA", "MD"], as_of } } }));
const days = { from: "2026-02-03", to: "2026-02-05" };
const difference = whole<"Diff">(answered(await client.GET("/v1/diff", { params: { query: { jurisdiction: "VA", ...days } } })));
const timeline = answered(
  await client.GET("/v1/jurisdictions/{ref}/timeline", { params: { path: { ref: "VA" }, query: { from: "2026-01-01", as_of } } }),
);
const answers = {
  posture: card.posture!.value,
  cite_as: card.cite_as,
  measures: whole<"MeasurePage">(measures).results.map((measure) => measure.id),
  jurisdictions: [...firstPage.results, ...whole<"JurisdictionPage">(secondPage).results].map((row) => row.code),
  compared: whole<"Comparison">(comparison).results.map((compared) => compared.code),
  differences: difference.causes.world_changed.map((item) => item.id),
  events: whole<"TimelinePage">(timeline).count,
};
console.log(JSON.stringify(answers));
