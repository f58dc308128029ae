//! Endpoints where something else answers than AWS, or nothing.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

use acceptance_tests::{Workdir, backend, normalise};
use expect_test::{Expect, expect};

use crate::orderly::run;

const CONFIGURATION: &str = "resource \"dynamodb_backup\" \"orders\" {\n  table_name = \"orders\"\n}\n";

#[test]
fn not_http() {
    let mut config = backend!(Control).workdir(CONFIGURATION);
    check(
        &mut config,
        |mut stream| stream.write_all(b"SSH-2.0-OpenSSH_9.6\r\n"),
        &expect![[r#"
            Error: Table cannot be read

              with dynamodb_backup.orders,
              on main.tf line 1, in resource "dynamodb_backup" "orders":
               1: resource "dynamodb_backup" "orders" {

            Describing table orders in us-east-1: invalid HTTP version parsed (asked at
            http://127.0.0.1:<port>).

            AWS, or the way to it, failed also after retries. Check endpoints and proxy
            settings if this goes on, then run terraform apply again.
        "#]],
    );
}

#[test]
fn a_web_page() {
    let mut config = backend!(Control).workdir(CONFIGURATION);
    let page = "<html>\n<body>Welcome to nginx!</body>\n</html>";
    check(
        &mut config,
        move |stream| http(stream, "200 OK", "text/html", page.as_bytes()),
        &expect![[r#"
            Error: Table cannot be read

              with dynamodb_backup.orders,
              on main.tf line 1, in resource "dynamodb_backup" "orders":
               1: resource "dynamodb_backup" "orders" {

            Describing table orders in us-east-1: the answer, HTTP 200 with text/html, is
            not one of AWS: it says "<html> <body>Welcome to nginx!</body> </html>"
            (asked at http://127.0.0.1:<port>).

            Something other than AWS answers there. Check the endpoints in the provider
            block, AWS_ENDPOINT_URL and AWS_ENDPOINT_URL_DYNAMODB, _STS and _KMS, and the
            proxy settings.
        "#]],
    );
}

#[test]
fn a_page_that_is_not_there() {
    let mut config = backend!(Control).workdir(CONFIGURATION);
    check(
        &mut config,
        |stream| http(stream, "404 Not Found", "text/plain", b"no such page"),
        &expect![[r#"
            Error: Table cannot be read

              with dynamodb_backup.orders,
              on main.tf line 1, in resource "dynamodb_backup" "orders":
               1: resource "dynamodb_backup" "orders" {

            Describing table orders in us-east-1: the answer, HTTP 404 with text/plain,
            is not one of AWS: it says "no such page" (asked at http://127.0.0.1:<port>).

            Something other than AWS answers there. Check the endpoints in the provider
            block, AWS_ENDPOINT_URL and AWS_ENDPOINT_URL_DYNAMODB, _STS and _KMS, and the
            proxy settings.
        "#]],
    );
}

#[test]
fn a_gateway_that_reaches_nobody() {
    let mut config = backend!(Control).workdir(CONFIGURATION);
    check(
        &mut config,
        |stream| http(stream, "502 Bad Gateway", "text/html", b"<h1>502</h1>"),
        &expect![[r#"
            Error: Table cannot be read

              with dynamodb_backup.orders,
              on main.tf line 1, in resource "dynamodb_backup" "orders":
               1: resource "dynamodb_backup" "orders" {

            Describing table orders in us-east-1: the answer, HTTP 502 with text/html, is
            not one of AWS: it says "<h1>502</h1>" (asked at http://127.0.0.1:<port>).

            AWS, or the way to it, failed also after retries. Check endpoints and proxy
            settings if this goes on, then run terraform apply again.
        "#]],
    );
}

#[test]
fn a_redirection() {
    let mut config = backend!(Control).workdir(CONFIGURATION);
    check(
        &mut config,
        |mut stream| {
            stream.write_all(b"HTTP/1.1 301 Moved Permanently\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n")
        },
        &expect![[r#"
            Error: Table cannot be read

              with dynamodb_backup.orders,
              on main.tf line 1, in resource "dynamodb_backup" "orders":
               1: resource "dynamodb_backup" "orders" {

            Describing table orders in us-east-1: the answer, HTTP 301 with no content
            type, is not one of AWS: it says nothing (asked at http://127.0.0.1:<port>).

            Something other than AWS answers there. Check the endpoints in the provider
            block, AWS_ENDPOINT_URL and AWS_ENDPOINT_URL_DYNAMODB, _STS and _KMS, and the
            proxy settings.
        "#]],
    );
}

#[test]
fn an_empty_answer() {
    let mut config = backend!(Control).workdir(CONFIGURATION);
    check(
        &mut config,
        |stream| http(stream, "200 OK", "application/x-amz-json-1.0", b""),
        &expect![[r#"
            Error: Table cannot be read

              with dynamodb_backup.orders,
              on main.tf line 1, in resource "dynamodb_backup" "orders":
               1: resource "dynamodb_backup" "orders" {

            Describing table orders in us-east-1: AWS answered without the table's name,
            ARN or status.

            Something other than AWS answers there. Check the endpoints in the provider
            block, AWS_ENDPOINT_URL and AWS_ENDPOINT_URL_DYNAMODB, _STS and _KMS, and the
            proxy settings.
        "#]],
    );
}

#[test]
fn json_without_end() {
    let mut config = backend!(Control).workdir(CONFIGURATION);
    let nested = "[".repeat(200_000);
    check(
        &mut config,
        move |stream| http(stream, "200 OK", "application/x-amz-json-1.0", nested.as_bytes()),
        &expect![[r#"
            Error: Table cannot be read

              with dynamodb_backup.orders,
              on main.tf line 1, in resource "dynamodb_backup" "orders":
               1: resource "dynamodb_backup" "orders" {

            Describing table orders in us-east-1: the answer, HTTP 200 with
            application/x-amz-json-1.0, is not one of AWS: it says
            "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["
            (asked at http://127.0.0.1:<port>).

            Something other than AWS answers there. Check the endpoints in the provider
            block, AWS_ENDPOINT_URL and AWS_ENDPOINT_URL_DYNAMODB, _STS and _KMS, and the
            proxy settings.
        "#]],
    );
}

#[test]
fn an_answer_without_end() {
    let mut config = backend!(Control).workdir(CONFIGURATION);
    check(
        &mut config,
        |mut stream| {
            stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: application/x-amz-json-1.0\r\n\r\n")?;
            loop {
                stream.write_all(&[b' '; 65_536])?;
            }
        },
        &expect![[r#"
            Error: Table cannot be read

              with dynamodb_backup.orders,
              on main.tf line 1, in resource "dynamodb_backup" "orders":
               1: resource "dynamodb_backup" "orders" {

            Describing table orders in us-east-1: length limit exceeded (asked at
            http://127.0.0.1:<port>).

            AWS, or the way to it, failed also after retries. Check endpoints and proxy
            settings if this goes on, then run terraform apply again.
        "#]],
    );
}

#[test]
fn a_connection_that_is_closed() {
    let mut config = backend!(Control).workdir(CONFIGURATION);
    check(
        &mut config,
        |_| Ok(()),
        &expect![[r#"
            Error: Table cannot be read

              with dynamodb_backup.orders,
              on main.tf line 1, in resource "dynamodb_backup" "orders":
               1: resource "dynamodb_backup" "orders" {

            Describing table orders in us-east-1: connection closed before message
            completed (asked at http://127.0.0.1:<port>).

            AWS, or the way to it, failed also after retries. Check endpoints and proxy
            settings if this goes on, then run terraform apply again.
        "#]],
    );
}

#[test]
fn a_trickle() {
    let mut config = backend!(Control).workdir(CONFIGURATION);
    check(
        &mut config,
        |mut stream| {
            stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")?;
            loop {
                stream.write_all(b" ")?;
                pause();
            }
        },
        &expect![[r#"
            Error: Table cannot be read

              with dynamodb_backup.orders,
              on main.tf line 1, in resource "dynamodb_backup" "orders":
               1: resource "dynamodb_backup" "orders" {

            Describing table orders in us-east-1: no answer came within 10 s (asked at
            http://127.0.0.1:<port>).

            AWS, or the way to it, failed also after retries. Check endpoints and proxy
            settings if this goes on, then run terraform apply again.
        "#]],
    );
}

#[test]
fn a_silent_server() {
    let mut config = backend!(Control).workdir(CONFIGURATION);
    check(
        &mut config,
        |mut stream| {
            // Until the client leaves.
            let mut rest = Vec::new();
            stream.read_to_end(&mut rest).map(|_| ())
        },
        &expect![[r#"
            Error: Table cannot be read

              with dynamodb_backup.orders,
              on main.tf line 1, in resource "dynamodb_backup" "orders":
               1: resource "dynamodb_backup" "orders" {

            Describing table orders in us-east-1: no answer came within 10 s (asked at
            http://127.0.0.1:<port>).

            AWS, or the way to it, failed also after retries. Check endpoints and proxy
            settings if this goes on, then run terraform apply again.
        "#]],
    );
}

#[test]
fn nobody() {
    let mut config = backend!(Control).workdir(CONFIGURATION);
    // Reserved, and nobody listens there.
    config.set_variable("AWS_ENDPOINT_URL", "http://127.0.0.1:1");
    says(
        &config,
        &expect![[r#"
            Error: Table cannot be read

              with dynamodb_backup.orders,
              on main.tf line 1, in resource "dynamodb_backup" "orders":
               1: resource "dynamodb_backup" "orders" {

            Describing table orders in us-east-1: tcp connect error: Connection refused
            (os error 111) (asked at http://127.0.0.1:<port>).

            AWS, or the way to it, failed also after retries. Check endpoints and proxy
            settings if this goes on, then run terraform apply again.
        "#]],
    );
}

#[test]
fn what_is_no_url() {
    let mut config = backend!(Control).workdir(CONFIGURATION);
    for (url, expected) in [
        (
            "localhost:8000",
            expect![[r#"
            Error: Invalid provider configuration

            Provider "registry.terraform.io/dynamodb-backup/dynamodb" requires explicit
            configuration. Add a provider block to the root module and configure the
            provider's required arguments as described in the provider documentation.


            Error: Provider cannot be configured

              with provider["registry.terraform.io/dynamodb-backup/dynamodb"],
              on <empty> line 0:
              (source code not available)

            Reading the provider's configuration: AWS_ENDPOINT_URL is "localhost:8000",
            which is not a URL such as http://localhost:8000 or
            https://dynamodb.eu-west-1.amazonaws.com.
        "#]],
        ),
        (
            "ftp://127.0.0.1",
            expect![[r#"
            Error: Invalid provider configuration

            Provider "registry.terraform.io/dynamodb-backup/dynamodb" requires explicit
            configuration. Add a provider block to the root module and configure the
            provider's required arguments as described in the provider documentation.


            Error: Provider cannot be configured

              with provider["registry.terraform.io/dynamodb-backup/dynamodb"],
              on <empty> line 0:
              (source code not available)

            Reading the provider's configuration: AWS_ENDPOINT_URL is "ftp://127.0.0.1",
            which is not a URL such as http://localhost:8000 or
            https://dynamodb.eu-west-1.amazonaws.com.
        "#]],
        ),
        (
            "http://",
            expect![[r#"
            Error: Invalid provider configuration

            Provider "registry.terraform.io/dynamodb-backup/dynamodb" requires explicit
            configuration. Add a provider block to the root module and configure the
            provider's required arguments as described in the provider documentation.


            Error: Provider cannot be configured

              with provider["registry.terraform.io/dynamodb-backup/dynamodb"],
              on <empty> line 0:
              (source code not available)

            Reading the provider's configuration: AWS_ENDPOINT_URL is "http://", which is
            not a URL such as http://localhost:8000 or
            https://dynamodb.eu-west-1.amazonaws.com.
        "#]],
        ),
    ] {
        config.set_variable("AWS_ENDPOINT_URL", url);
        says(&config, &expected);
    }
}

#[test]
fn a_host_that_does_not_exist() {
    let mut config = backend!(Control).workdir(CONFIGURATION);
    config.set_variable("AWS_ENDPOINT_URL", "http://no-such-host.invalid");
    // Why a name cannot be looked up is said in the words of the system.
    run(&config, &["plan", "-no-color"])
        .fails()
        .says("(asked at http://no-such-host.invalid)")
        .says("Check endpoints and proxy settings");
}

/// Plans against a server that reads each request and then does this.
fn check(
    config: &mut Workdir,
    answer: impl Fn(TcpStream) -> std::io::Result<()> + Clone + Send + 'static,
    expected: &Expect,
) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("it is bound");
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let (Ok(mut stream), answer) = (stream, answer.clone()) else {
                return;
            };
            std::thread::spawn(move || {
                // The client may leave at any time.
                let _ = read_request(&mut stream).and_then(|()| answer(stream));
            });
        }
    });
    config.set_variable("AWS_ENDPOINT_URL", &format!("http://{address}"));
    says(config, expected);
}

#[track_caller]
fn says(config: &Workdir, expected: &Expect) {
    let run = run(config, &["plan", "-no-color"]).fails();
    expected.assert_eq(&normalise(&run.stderr));
}

/// To the end: a connection that is closed with something unread in it is reset, and the answer may be lost.
fn read_request(stream: &mut TcpStream) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream);
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let line = line.trim().to_ascii_lowercase();
        match line.strip_prefix("content-length:") {
            Some(value) => length = value.trim().parse().unwrap_or(0),
            None if line.is_empty() => break,
            None => {}
        }
    }
    reader.read_exact(&mut vec![0; length])
}

fn http(mut stream: TcpStream, status: &str, kind: &str, body: &[u8]) -> std::io::Result<()> {
    let length = body.len();
    let head = format!("HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n\r\n");
    stream.write_all(head.as_bytes())?;
    stream.write_all(body)
}

#[expect(
    clippy::disallowed_methods,
    reason = "a slow server is slow by the real clock"
)]
fn pause() {
    std::thread::sleep(Duration::from_millis(200));
}
