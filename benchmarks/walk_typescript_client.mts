// Answer the walk's questions through the types that openapi-typescript generates; print them as JSON. Run by `benchmarks.walk`.
import createClient from "openapi-fetch";

import type { components, paths } from "./api.mjs";

const [url, as_of] = process.argv.slice(2) as [string, string];
const client = createClient<paths>({ baseUrl: url });

function answered<T>(answer: { data?: T; error?: unknown }): T {
  if (answer.data === undefined) throw new Error(JSON.stringify(answer.error));
  return answer.data;
}

// An answer may also be a table, or have fewer keys; these requests ask for neither.
type Summary = components["schemas"]["SummaryByJurisdictionPage"];
type Jurisdictions = components["schemas"]["JurisdictionPage"];
const summary = { by: "jurisdiction" as const, as_of, limit: 200 };
const counts = answered(await client.GET("/v1/agreements/summary", { params: { query: summary } })) as unknown as Summary;
const bars = { posture: ["barred" as const, "barred_with_agreements" as const], as_of, limit: 200 };
const barring = answered(await client.GET("/v1/jurisdictions", { params: { query: bars } })) as unknown as Jurisdictions;
const answers = {
  counts: counts.results.map((row) => [row.jurisdiction, row.agreements, row.agencies]),
  barring: barring.results.map((row) => row.code),
};
console.log(JSON.stringify(answers));
