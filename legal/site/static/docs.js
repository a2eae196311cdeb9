// Draws the API's description; the shipped template would need an inline script, which our policy forbids.
SwaggerUIBundle({ url: "/openapi.json", dom_id: "#docs", deepLinking: true, validatorUrl: null });
