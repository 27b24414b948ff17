"use strict";
// The key lives in this variable alone: not in the address, and not in what the browser keeps.
let key = "";

async function show() {
  const answer = await fetch("/openapi/v1.json", {
    headers: key ? { Authorization: `Bearer ${key}` } : {},
  });
  const form = document.getElementById("key-form");
  if (answer.status === 401 || answer.status === 403) {
    document.getElementById("trouble").textContent = key ? "That key is not one of this server's." : "";
    form.hidden = false;
    return;
  }
  form.hidden = true;
  SwaggerUIBundle({
    spec: await answer.json(),
    dom_id: "#api",
    deepLinking: true,
    docExpansion: "none",
    filter: true,
    persistAuthorization: false,
    requestInterceptor: (request) => {
      if (key && !request.headers.Authorization) request.headers.Authorization = `Bearer ${key}`;
      return request;
    },
  });
}

document.getElementById("key-form").addEventListener("submit", (event) => {
  event.preventDefault();
  key = document.getElementById("key").value.trim();
  show();
});
show();
