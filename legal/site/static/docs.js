// Start Swagger UI here: the template that it ships needs an inline script, which the content security policy forbids.
SwaggerUIBundle({ url: "/openapi.json", dom_id: "#docs", deepLinking: true, validatorUrl: null });
