//! The program itself, as an operator runs it, and killed.

use std::net::{SocketAddr, TcpListener};
use std::process::{Child, Command, Stdio};

use slaclock_host::service::{new_id, new_token, token_hash};
use slaclock_host::store::{Place, Role, Store, Token};
use tokio::runtime::Runtime;

use crate::support::{Client, until};

/// An address that is free now, and stays so for a server that is started again and again.
pub(crate) fn free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

/// The service in a process of its own.
pub(crate) struct Process {
    child: Child,
}

/// Arguments that name a place.
pub(crate) fn store_arguments(place: &Place) -> [String; 2] {
    match place {
        Place::File(path) => ["--data".to_owned(), path.display().to_string()],
        Place::Url(url) => ["--database".to_owned(), url.clone()],
    }
}

impl Process {
    /// Starts it, and waits until it answers. `wrap` is a shell's words before the program, such as limits.
    pub(crate) fn start(place: &Place, address: SocketAddr, wrap: &str) -> Self {
        let mut command = Command::new("sh");
        command.args(["-c", &format!("{wrap} exec \"$0\" \"$@\""), env!("CARGO_BIN_EXE_slaclock"), "serve"]);
        command.args(store_arguments(place)).args(["--listen", &address.to_string(), "--private-webhooks"]);
        command.args(["--rate-limit", "100000", "--log", "error"]);
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).spawn().unwrap();
        let process = Self { child };
        let nobody = Client { address, token: None, id: String::new() };
        until("the service answers", || {
            std::net::TcpStream::connect(address).ok()?;
            (nobody.get("/health").status == 200).then_some(())
        });
        process
    }

    /// Its id.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// As a power cut would: nothing is finished.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A token for a place where no service runs yet.
pub(crate) fn token(place: &Place, address: SocketAddr) -> Client {
    let text = new_token().unwrap();
    let token = Token {
        id: new_id("tok").unwrap(),
        tenant: "acme".to_owned(),
        role: Role::Admin,
        name: String::new(),
        created_at: 0,
        revoked_at: None,
    };
    Runtime::new().unwrap().block_on(async {
        let store = Store::open(place).await.unwrap();
        store.add_token(&token, &token_hash(&text)).await.unwrap();
    });
    Client { address, token: Some(text), id: token.id }
}
