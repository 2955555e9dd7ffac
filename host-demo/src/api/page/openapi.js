// Shows the description of the API; text only, so that nothing of it can become markup.

const about = document.getElementById("about");

function element(name, text, ...children) {
  const made = document.createElement(name);
  if (text) made.textContent = text;
  made.append(...children);
  return made;
}

function list(entries) {
  const made = element("dl");
  for (const [term, meaning] of entries) made.append(element("dt", term), element("dd", meaning));
  return made;
}

function words(schema) {
  if (!schema) return "";
  if (schema.$ref) return schema.$ref.split("/").pop();
  return [schema.type, schema.format].flat().filter(Boolean).join(", ");
}

function bodies(content) {
  return Object.entries(content ?? {}).map(([kind, { schema }]) => `${kind} ${words(schema)}`.trim()).join(" · ");
}

function operation(method, path, said) {
  const summary = element("summary", "", element("b", method.toUpperCase()), ` ${path} `);
  const role = (said.security ?? []).flatMap((one) => one.token ?? []).join();
  summary.append(element("small", role && `(${role})`));
  const made = element("details", "", summary, element("p", [said.summary, said.description].filter(Boolean).join(" ")));
  const parameters = (said.parameters ?? []).map((one) => [`${one.name} (${one.in})`, one.description ?? words(one.schema)]);
  if (parameters.length) made.append(element("h4", "Parameters"), list(parameters));
  if (said.requestBody) made.append(element("h4", "Body"), element("p", bodies(said.requestBody.content)));
  const answers = Object.entries(said.responses).map(([status, one]) => [status, [one.description, bodies(one.content)].filter(Boolean).join(" — ")]);
  made.append(element("h4", "Answers"), list(answers));
  return made;
}

try {
  const answer = await fetch("/v1/openapi.json");
  const api = await answer.json();
  about.prepend(`Version ${api.info.version}. ${api.info.description} `);
  const tags = new Map();
  for (const [path, methods] of Object.entries(api.paths)) {
    for (const [method, said] of Object.entries(methods)) {
      const tag = said.tags?.[0] ?? "other";
      if (!tags.has(tag)) tags.set(tag, []);
      tags.get(tag).push(operation(method, path, said));
    }
  }
  const all = document.getElementById("operations");
  for (const [tag, made] of tags) all.append(element("h2", tag), ...made);
  all.append(element("h2", "Schemas"));
  for (const [name, schema] of Object.entries(api.components.schemas)) {
    all.append(element("details", "", element("summary", name), element("pre", JSON.stringify(schema, null, 2))));
  }
} catch (error) {
  about.append(` It cannot be read: ${error.message}`);
}
