//! The contract as a judge: whether an answer is one that the OpenAPI document tells of. Every answer that a test gets is
//! judged.

use crate::Reply;
use crate::app::answer;
use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request};
use jsonschema::Validator;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, HashMap};
use std::io::Read;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::OnceCell;

/// The methods an operation may have.
pub const METHODS: [&str; 5] = ["get", "put", "post", "delete", "patch"];

/// Where the document itself is; it does not tell of itself.
pub const DOCUMENT: &str = "/api/openapi.json";

/// What the document says, read for judging.
#[derive(Debug)]
pub struct Contract {
    operations: Vec<Operation>,
    components: Value,
    /// Compiled schemas by their text: most refusals share one.
    validators: Mutex<HashMap<String, Arc<Validator>>>,
}

/// One operation of the document.
#[derive(Debug)]
pub struct Operation {
    /// Its id.
    pub id: String,
    /// Its method, in capitals.
    pub method: String,
    /// Its path, with `{name}` where an id stands.
    pub path: String,
    answers: BTreeMap<u16, Answer>,
}

/// What an operation may answer with one status.
#[derive(Debug)]
struct Answer {
    headers: Vec<String>,
    /// Schemas by content type; none where there is no body.
    contents: BTreeMap<String, Value>,
}

/// The contract of this router; read once per process, because every router serves the same.
pub async fn of(router: &Router) -> &'static Contract {
    static CONTRACT: OnceCell<Contract> = OnceCell::const_new();
    let read = || async {
        let request = Request::get(DOCUMENT).body(Body::empty()).expect("a request");
        Contract::read(&answer(router, request).await.expect(200).value())
    };
    CONTRACT.get_or_init(read).await
}

impl Contract {
    /// Reads a document.
    ///
    /// # Panics
    /// When it is none.
    #[must_use]
    pub fn read(document: &Value) -> Self {
        let mut operations = Vec::new();
        for (path, item) in document["paths"].as_object().expect("paths") {
            for method in METHODS {
                if let Some(operation) = item.get(method) {
                    operations.push(Operation::read(document, method, path, operation));
                }
            }
        }
        let schemas = document["components"]["schemas"].as_object().expect("schemas");
        let mut components = Map::new();
        for (name, schema) in schemas {
            components.insert(name.clone(), closed(schema, false));
            components.insert(open_name(name), closed(schema, true));
        }
        let components = json!({ "schemas": components });
        Self { operations, components, validators: Mutex::default() }
    }

    /// Every operation.
    #[must_use]
    pub fn operations(&self) -> &[Operation] {
        &self.operations
    }

    /// The operation a request asks for, if the document has it.
    #[must_use]
    pub fn operation(&self, method: &Method, path: &str) -> Option<&Operation> {
        // Whoever asks for the head alone asks the same.
        let method = if method == Method::HEAD { "GET" } else { method.as_str() };
        self.operations.iter().find(|it| it.method == method && is_at(&it.path, path))
    }

    /// Judges an answer.
    ///
    /// # Errors
    /// What of it is not in the document.
    pub fn check(&self, method: &Method, path: &str, reply: &Reply) -> Result<(), String> {
        if !path.starts_with("/api/") || path == DOCUMENT {
            return Ok(());
        }
        let Some(operation) = self.operation(method, path) else {
            let is_path = self.operations.iter().any(|it| is_at(&it.path, path));
            return self.check_stray(is_path, reply);
        };
        let said = |fault: String| format!("{}: {fault}", operation.id);
        let answer =
            operation.answers.get(&reply.status).ok_or_else(|| said("not a listed status".into()))?;
        if let Some(missing) = answer.headers.iter().find(|name| reply.header(name).is_none()) {
            return Err(said(format!("without the header {missing}")));
        }
        if method == Method::HEAD {
            return Ok(());
        }
        self.check_body(&answer.contents, reply).map_err(said)
    }

    /// What is asked for by a wrong path or a wrong method is a problem all the same.
    fn check_stray(&self, is_path: bool, reply: &Reply) -> Result<(), String> {
        let expected: &[u16] = if is_path { &[403, 405, 408, 414] } else { &[403, 404, 408, 414] };
        if !expected.contains(&reply.status) {
            return Err("the document has no such operation".to_owned());
        }
        if reply.status == 405 && reply.header("allow").is_none() {
            return Err("without the header allow".to_owned());
        }
        let problem = json!({ "$ref": "#/components/schemas/Problem" });
        self.check_body(&BTreeMap::from([("application/problem+json".to_owned(), problem)]), reply)
    }

    fn check_body(&self, contents: &BTreeMap<String, Value>, reply: &Reply) -> Result<(), String> {
        let content_type = reply.header("content-type");
        if contents.is_empty() {
            let is_empty = reply.bytes.is_empty() && content_type.is_none();
            return if is_empty { Ok(()) } else { Err("a body where there is none".to_owned()) };
        }
        let content_type = content_type.ok_or("without a content type")?;
        let schema = contents.get(content_type).ok_or_else(|| format!("{content_type} is not listed"))?;
        let bytes = unpacked(reply)?;
        if !content_type.ends_with("json") {
            return check_bytes(content_type, schema, &bytes);
        }
        let body: Value = serde_json::from_slice(&bytes).map_err(|error| format!("no JSON: {error}"))?;
        let validator = self.validator(schema);
        let faults: Vec<_> = validator
            .iter_errors(&body)
            .take(5)
            .map(|error| format!("at {:?}: {error}", error.instance_path().to_string()))
            .collect();
        if !faults.is_empty() {
            return Err(format!("{}\n{body:#}", faults.join("\n")));
        }
        let is_problem = content_type == "application/problem+json";
        if is_problem && body["status"] != json!(reply.status) {
            return Err("the problem tells another status".to_owned());
        }
        let seconds = reply.header("retry-after").and_then(|text| text.parse::<u64>().ok());
        if is_problem && body.get("retry_after_s").and_then(Value::as_u64) != seconds {
            return Err("the problem tells another time to wait".to_owned());
        }
        Ok(())
    }

    fn validator(&self, schema: &Value) -> Arc<Validator> {
        let mut validators = self.validators.lock().unwrap_or_else(PoisonError::into_inner);
        let compile = || {
            let mut root = closed(schema, false);
            root["components"] = self.components.clone();
            let options = jsonschema::draft202012::options().should_validate_formats(true);
            Arc::new(options.build(&root).unwrap_or_else(|error| panic!("{schema}: {error}")))
        };
        Arc::clone(validators.entry(schema.to_string()).or_insert_with(compile))
    }
}

impl Operation {
    fn read(document: &Value, method: &str, path: &str, operation: &Value) -> Self {
        let id = operation["operationId"].as_str().expect("an id").to_owned();
        let responses = operation["responses"].as_object().expect("responses");
        let answer = |(status, response): (&String, &Value)| {
            let status = status.parse().unwrap_or_else(|_| panic!("{id} answers {status}"));
            (status, Answer::read(document, resolved(document, response)))
        };
        let answers = responses.iter().map(answer).collect();
        Self { id: id.clone(), method: method.to_uppercase(), path: path.to_owned(), answers }
    }

    /// Whether it is listed to answer with this status.
    #[must_use]
    pub fn may_answer(&self, status: u16) -> bool {
        self.answers.contains_key(&status)
    }
}

impl Answer {
    fn read(document: &Value, response: &Value) -> Self {
        let each = |member: &str| response[member].as_object().cloned().unwrap_or_default();
        let headers = each("headers").into_iter();
        let headers = headers.filter(|(_, header)| resolved(document, header)["required"] == json!(true));
        let contents = each("content").into_iter();
        Self {
            headers: headers.map(|(name, _)| name).collect(),
            contents: contents.map(|(name, content)| (name, content["schema"].clone())).collect(),
        }
    }
}

/// What a reference leads to, or the thing itself.
fn resolved<'a>(document: &'a Value, thing: &'a Value) -> &'a Value {
    let Some(target) = thing.get("$ref").and_then(Value::as_str) else { return thing };
    let pointer = target.strip_prefix('#').expect("within the document");
    document.pointer(pointer).unwrap_or_else(|| panic!("{target} leads nowhere"))
}

/// Whether a path is one of those that a template means.
fn is_at(template: &str, path: &str) -> bool {
    let mut wanted = template.split('/');
    let mut found = path.split('/');
    loop {
        match (wanted.next(), found.next()) {
            (None, None) => return true,
            (Some(wanted), Some(found)) if wanted == found => {}
            (Some(wanted), Some(found)) if wanted.starts_with('{') && !found.is_empty() => {}
            _ => return false,
        }
    }
}

/// A schema that takes no member it does not name, so that an answer with more than the document tells of is found. The
/// document itself leaves that open: clients must live with members that are still to come. `is_open` where another
/// schema names the rest.
fn closed(schema: &Value, is_open: bool) -> Value {
    let Value::Object(members) = schema else { return schema.clone() };
    let mut closed_members = Map::new();
    for (name, member) in members {
        let member = match (name.as_str(), member) {
            ("$ref", Value::String(target)) if is_open => Value::String(open_name(target)),
            ("allOf", Value::Array(parts)) => parts.iter().map(|part| closed(part, true)).collect(),
            ("oneOf" | "anyOf", Value::Array(parts)) => {
                parts.iter().map(|part| closed(part, is_open)).collect()
            }
            ("properties", Value::Object(properties)) => {
                properties.iter().map(|(name, it)| (name.clone(), closed(it, false))).collect()
            }
            ("items" | "additionalProperties", member) => closed(member, false),
            (_, member) => member.clone(),
        };
        closed_members.insert(name.clone(), member);
    }
    let names_members = members.contains_key("properties") || members.contains_key("allOf");
    if names_members && !is_open {
        closed_members.insert("unevaluatedProperties".to_owned(), Value::Bool(false));
    }
    Value::Object(closed_members)
}

fn open_name(name: &str) -> String {
    format!("{name}.open")
}

/// The body as it was before it was packed for its way.
fn unpacked(reply: &Reply) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let read = match reply.header("content-encoding") {
        None => return Ok(reply.bytes.clone()),
        Some("br") => brotli::Decompressor::new(&*reply.bytes, 4096).read_to_end(&mut bytes),
        Some("gzip") => flate2::read::GzDecoder::new(&*reply.bytes).read_to_end(&mut bytes),
        Some(other) => return Err(format!("packed as {other}")),
    };
    read.map(|_| bytes).map_err(|error| format!("cannot be unpacked: {error}"))
}

/// Bytes that are no JSON are described as such, and begin as their type does.
fn check_bytes(content_type: &str, schema: &Value, bytes: &[u8]) -> Result<(), String> {
    let expected = json!({ "type": "string", "format": "binary", "contentMediaType": content_type });
    if *schema != expected {
        return Err(format!("{content_type} is described as {schema}"));
    }
    let begins: &[u8] = match content_type {
        "image/jpeg" => &[0xff, 0xd8, 0xff],
        // A workbook is a ZIP file.
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" => b"PK\x03\x04",
        other => return Err(format!("nobody knows how {other} begins")),
    };
    if bytes.starts_with(begins) { Ok(()) } else { Err(format!("not {content_type}")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderMap;

    fn contract() -> Contract {
        let answer = |schema: &Value| json!({ "content": { "application/json": { "schema": schema } } });
        let part = json!({ "$ref": "#/components/schemas/Part" });
        let whole =
            json!({ "allOf": [part, { "properties": { "b": { "type": "string" } }, "required": ["b"] }] });
        Contract::read(&json!({
            "paths": { "/api/things/{id}": { "get": {
                "operationId": "find_thing",
                "responses": {
                    "200": answer(&whole),
                    "204": { "headers": { "etag": { "required": true } } },
                },
            } } },
            "components": { "schemas": {
                "Part": { "type": "object", "properties": { "a": { "type": "integer" } }, "required": ["a"] },
            } },
        }))
    }

    fn judged(path: &str, status: u16, content_type: Option<&str>, body: &str) -> Result<(), String> {
        let mut headers = HeaderMap::new();
        if let Some(content_type) = content_type {
            headers.insert("content-type", content_type.parse().expect("a header"));
        }
        let reply = Reply { status, headers, bytes: body.as_bytes().to_vec() };
        contract().check(&Method::GET, path, &reply)
    }

    #[test]
    fn answers_that_are_not_in_the_document_are_found() {
        let json = Some("application/json");
        let good = r#"{"a":1,"b":"x"}"#;
        assert_eq!(judged("/api/things/7", 200, json, good), Ok(()));
        for (path, status, content_type, body) in [
            ("/api/things", 200, json, good),
            ("/api/things/7/8", 200, json, good),
            ("/api/things/7", 201, json, good),
            ("/api/things/7", 200, None, good),
            ("/api/things/7", 200, Some("text/plain"), good),
            ("/api/things/7", 200, json, "{"),
            ("/api/things/7", 200, json, r#"{"a":1}"#),
            ("/api/things/7", 200, json, r#"{"a":"1","b":"x"}"#),
            ("/api/things/7", 200, json, r#"{"a":1,"b":"x","c":2}"#),
            ("/api/things/7", 204, None, ""),
        ] {
            assert!(judged(path, status, content_type, body).is_err(), "{path} {status} {body}");
        }
    }
}
