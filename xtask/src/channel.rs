//! A channel of updates on this computer, with TLS, for trying what comes from one.
//!
//! Left out on purpose: what lies in it, and who signed that.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::tool;

/// Serves a folder over TLS until it is killed; says where first.
const SERVER: &str = "
import http.server, ssl, sys
server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), http.server.SimpleHTTPRequestHandler)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain('../tls.pem', '../tls.key')
server.socket = context.wrap_socket(server.socket, server_side=True)
print(server.server_port, flush=True)
server.serve_forever()
";

/// Ended with this.
pub struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A certificate of this computer for two days: `tls.pem` and `tls.key` in `home`.
///
/// # Errors
/// `openssl` is not there or failed.
pub fn certificate(home: &Path) -> Result<(), String> {
    let mut certificate = tool::command("openssl");
    certificate.args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]);
    certificate.args(["-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]);
    certificate.arg("-keyout").arg(home.join("tls.key")).arg("-out").arg(home.join("tls.pem"));
    tool::output(&mut certificate).map(drop)
}

/// Serves a folder beside which a [`certificate`] lies; the address of its `channel.json`.
///
/// # Errors
/// It did not start.
pub fn serve(folder: &Path) -> Result<(Server, String), String> {
    let mut command = Command::new("python3");
    command.args(["-c", SERVER]).current_dir(folder);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut server = Server(command.spawn().map_err(|error| tool::not_started(&command, &error))?);
    let mut line = String::new();
    let said = server.0.stdout.take().map(|out| BufReader::new(out).read_line(&mut line));
    let port: u16 = line
        .trim()
        .parse()
        .map_err(|_| format!("{}: the channel did not start ({said:?})", folder.display()))?;
    Ok((server, format!("https://localhost:{port}/channel.json")))
}
