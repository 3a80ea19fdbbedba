//! A door that can be shut and opened again on the same port, with everybody inside thrown out.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};

/// The door of one port.
#[derive(Clone)]
pub(crate) struct Door {
    inner: Arc<Inner>,
}

struct Inner {
    address: SocketAddr,
    open: watch::Sender<bool>,
    /// Cancelled when the door is shut: every connection let in since the last opening holds it.
    guests: Mutex<CancellationToken>,
    first: Mutex<Option<TcpListener>>,
    stop: CancellationToken,
}

impl Door {
    pub(crate) async fn open(address: SocketAddr, stop: CancellationToken) -> io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        Ok(Self {
            inner: Arc::new(Inner {
                address: listener.local_addr()?,
                open: watch::Sender::new(true),
                guests: Mutex::new(CancellationToken::new()),
                first: Mutex::new(Some(listener)),
                stop,
            }),
        })
    }

    pub(crate) fn port(&self) -> u16 {
        self.inner.address.port()
    }

    pub(crate) fn shut(&self) {
        self.inner.open.send_replace(false);
        let guests = std::mem::take(&mut *self.inner.guests.lock().unwrap_or_else(PoisonError::into_inner));
        guests.cancel();
    }

    pub(crate) fn reopen(&self) {
        self.inner.open.send_replace(true);
    }

    pub(crate) fn listener(&self) -> DoorListener {
        let listener = self.inner.first.lock().unwrap_or_else(PoisonError::into_inner).take();
        DoorListener { door: self.clone(), listener, open: self.inner.open.subscribe() }
    }

    fn guests(&self) -> CancellationToken {
        self.inner.guests.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

pub(crate) struct DoorListener {
    door: Door,
    listener: Option<TcpListener>,
    open: watch::Receiver<bool>,
}

impl DoorListener {
    /// One connection; nothing when the door was shut meanwhile.
    async fn try_accept(&mut self) -> Option<(Guest, SocketAddr)> {
        if !*self.open.borrow_and_update() {
            // Dropping the listener is what makes the port refuse.
            self.listener = None;
            let stop = self.door.inner.stop.clone();
            tokio::select! {
                () = stop.cancelled() => std::future::pending::<()>().await,
                changed = self.open.changed() => if changed.is_err() { std::future::pending::<()>().await },
            }
            return None;
        }
        let listener = match self.listener.take() {
            Some(listener) => listener,
            None => match TcpListener::bind(self.door.inner.address).await {
                Ok(listener) => listener,
                Err(_) => {
                    tokio::task::yield_now().await;
                    return None;
                }
            },
        };
        // Before anybody comes in: whoever does as it is shut goes with those who were there.
        let out = self.door.guests();
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted.ok(),
            _ = self.open.changed() => None,
        };
        if !*self.open.borrow() {
            return None;
        }
        self.listener = Some(listener);
        let (stream, from) = accepted?;
        let _ = stream.set_nodelay(true);
        Some((Guest { stream, out: Box::pin(out.cancelled_owned()) }, from))
    }
}

impl axum::serve::Listener for DoorListener {
    type Io = Guest;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Guest, SocketAddr) {
        loop {
            if let Some(guest) = self.try_accept().await {
                return guest;
            }
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.door.inner.address)
    }
}

/// A connection that breaks when its door is shut.
pub(crate) struct Guest {
    stream: TcpStream,
    out: Pin<Box<WaitForCancellationFutureOwned>>,
}

impl Guest {
    fn thrown_out(&mut self, cx: &mut Context<'_>) -> io::Result<()> {
        match self.out.as_mut().poll(cx) {
            Poll::Ready(()) => Err(io::ErrorKind::ConnectionReset.into()),
            Poll::Pending => Ok(()),
        }
    }
}

impl AsyncRead for Guest {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.thrown_out(cx)?;
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Guest {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        self.thrown_out(cx)?;
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    #[tokio::test]
    async fn who_comes_as_the_door_is_shut_is_not_let_in() {
        let loopback = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let elsewhere = TcpListener::bind(loopback).await.unwrap();
        // Which of two things that are there at once is seen first is drawn by lot.
        for _ in 0..32 {
            let door = Door::open(loopback, CancellationToken::new()).await.unwrap();
            let mut listener = door.listener();
            let mut accepting = Box::pin(listener.try_accept());
            let nobody = tokio::time::timeout(std::time::Duration::ZERO, &mut accepting).await;
            assert!(nobody.is_err(), "nobody has come");
            let _caller = std::net::TcpStream::connect((Ipv4Addr::LOCALHOST, door.port())).unwrap();
            // Once somebody is seen elsewhere who came later, the caller is known of.
            let _other = std::net::TcpStream::connect(elsewhere.local_addr().unwrap()).unwrap();
            elsewhere.accept().await.unwrap();
            door.shut();
            assert!(accepting.await.is_none());
        }
    }
}
