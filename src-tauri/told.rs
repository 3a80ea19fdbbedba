//! What is told to the pages. A page fetches everything that waits for it, of all its streams, with one request at a time; the
//! request stays open until there is something. A page that is sent scripts instead, as Tauri's channels do, keeps them for long,
//! compiled: 359 more were seen after four minutes of alerts.
//!
//! Left out on purpose: what a stream says and when (`commands`), and when it ends (`watch`).

use std::collections::{HashMap, VecDeque};
use std::marker::PhantomData;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};
use tokio::sync::Notify;

/// Pages of a window that were there before, at most: a late word of theirs changes nothing.
const GONE: usize = 16;

/// A stream, as the page that asked for it calls it.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct StreamId {
    /// The page: a number it drew when it was loaded.
    page: u32,
    /// The stream's number in it.
    stream: u32,
}

/// What waits for the windows' pages, by window.
#[derive(Default)]
pub struct Told(Mutex<HashMap<String, Arc<Letterbox>>>);

/// What waits for the page of one window.
#[derive(Default)]
struct Letterbox {
    waiting: Mutex<Waiting>,
    more: Notify,
}

#[derive(Default)]
struct Waiting {
    /// The page that is there now.
    page: Option<u32>,
    gone: VecDeque<u32>,
    /// `[stream,message]` each, or `[stream]` for one that is over, with commas between; JSON.
    text: String,
    /// How often this page asked: who asks again is not told twice.
    asked: u64,
}

impl Waiting {
    /// Whether it is this page that is there; one never seen takes the place of the one before, whose letters are nobody's.
    fn turn_to(&mut self, page: u32) -> bool {
        if self.page == Some(page) {
            return true;
        }
        if self.gone.contains(&page) {
            return false;
        }
        if let Some(before) = self.page.replace(page) {
            self.gone.truncate(GONE - 1);
            self.gone.push_front(before);
        }
        self.text.clear();
        true
    }
}

impl Letterbox {
    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the page is there to hear it.
    fn put(&self, page: u32, item: &str) -> bool {
        {
            let mut waiting = self.waiting();
            if waiting.page != Some(page) {
                return false;
            }
            if !waiting.text.is_empty() {
                waiting.text.push(',');
            }
            waiting.text.push_str(item);
        }
        self.more.notify_waiters();
        true
    }

    /// Waits until there is something for the page; nothing when the page asked again meanwhile, or is there no more.
    async fn take(&self, page: u32) -> String {
        let turn = {
            let mut waiting = self.waiting();
            if !waiting.turn_to(page) {
                return "[]".to_owned();
            }
            waiting.asked += 1;
            waiting.asked
        };
        self.more.notify_waiters();
        loop {
            let more = self.more.notified();
            tokio::pin!(more);
            // Heard from here on, before it is looked whether there is something.
            more.as_mut().enable();
            {
                let mut waiting = self.waiting();
                if waiting.page != Some(page) || waiting.asked != turn {
                    return "[]".to_owned();
                }
                if !waiting.text.is_empty() {
                    return format!("[{}]", std::mem::take(&mut waiting.text));
                }
            }
            more.await;
        }
    }
}

impl Told {
    fn letterbox(&self, window: &str) -> Arc<Letterbox> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.entry(window.to_owned()).or_default().clone()
    }

    /// What waits for a window's page, as `[[stream, message], [stream], …]`: a stream alone is over. Waits until there is
    /// something; empty when the page asked again meanwhile, or another one has taken its place.
    pub async fn take(&self, window: &str, page: u32) -> String {
        self.letterbox(window).take(page).await
    }

    /// A stream a page asked for.
    pub fn stream<T: Serialize>(&self, window: &str, id: StreamId) -> Stream<T> {
        let letterbox = self.letterbox(window);
        if letterbox.waiting().turn_to(id.page) {
            letterbox.more.notify_waiters();
        }
        Stream { letterbox, id, _of: PhantomData }
    }

    /// A window is gone: nobody waits for it any more.
    pub fn end(&self, window: &str) {
        let letterbox = self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(window);
        if let Some(letterbox) = letterbox {
            letterbox.waiting().page = None;
            letterbox.more.notify_waiters();
        }
    }
}

/// What one stream tells its page, in order. Over when it is dropped.
pub struct Stream<T> {
    letterbox: Arc<Letterbox>,
    id: StreamId,
    _of: PhantomData<fn(T)>,
}

impl<T: Serialize> Stream<T> {
    /// Tells it; whether there is anybody to hear it.
    pub fn tell(&self, message: T) -> bool {
        match serde_json::to_string(&(self.id.stream, message)) {
            Ok(item) => self.letterbox.put(self.id.page, &item),
            Err(error) => {
                tracing::error!(%error, "a message to the window could not be written");
                true
            }
        }
    }
}

impl<T> Drop for Stream<T> {
    fn drop(&mut self) {
        self.letterbox.put(self.id.page, &format!("[{}]", self.id.stream));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(page: u32, stream: u32) -> StreamId {
        StreamId { page, stream }
    }

    /// Whoever is let go is let go soon, or never.
    async fn soon<T>(waits: impl Future<Output = T>) -> T {
        tokio::time::timeout(std::time::Duration::from_secs(20), waits).await.expect("it is let go")
    }

    #[tokio::test]
    async fn everything_that_waits_is_told_once_and_in_order_and_an_end_is_told() {
        let told = Told::default();
        let first = told.stream::<&str>("main", id(7, 1));
        let second = told.stream::<Vec<u8>>("main", id(7, 2));
        assert!(first.tell("a"));
        assert!(second.tell(vec![1, 2]));
        drop(first);
        assert_eq!(told.take("main", 7).await, r#"[[1,"a"],[2,[1,2]],[1]]"#);
        // Who waits is told as soon as there is something.
        let (heard, ()) = tokio::join!(told.take("main", 7), async {
            tokio::task::yield_now().await;
            assert!(second.tell(vec![3]));
        });
        assert_eq!(heard, "[[2,[3]]]");
    }

    #[tokio::test]
    async fn a_page_that_was_loaded_again_hears_nothing_of_the_one_before() {
        let told = Told::default();
        let before = told.stream::<u32>("main", id(7, 1));
        assert!(before.tell(1));
        let after = told.stream::<u32>("main", id(8, 1));
        assert!(!before.tell(2), "nobody hears it");
        assert!(after.tell(3));
        // A late word of the page before takes nothing away.
        assert_eq!(told.take("main", 7).await, "[]");
        assert!(!told.stream::<u32>("main", id(7, 2)).tell(4));
        drop(before);
        assert_eq!(told.take("main", 8).await, "[[1,3]]");
    }

    #[tokio::test]
    async fn whoever_waits_and_is_replaced_or_closed_is_let_go() {
        let told = Told::default();
        let wall = told.stream::<u32>("wall", id(9, 1));
        let both = async { tokio::join!(told.take("main", 7), told.take("main", 7)) };
        let ((earlier, later), ()) = tokio::join!(soon(both), async {
            tokio::task::yield_now().await;
            assert!(told.stream::<u32>("main", id(7, 1)).tell(5));
        });
        assert_eq!((earlier.as_str(), later.as_str()), ("[]", "[[1,5],[1]]"));
        let (closed, ()) = tokio::join!(soon(told.take("wall", 9)), async {
            tokio::task::yield_now().await;
            told.end("wall");
        });
        assert_eq!(closed, "[]");
        assert!(!wall.tell(6), "the window is gone");
    }
}
