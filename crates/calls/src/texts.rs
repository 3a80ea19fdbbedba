//! Each text once: a hundred thousand calls share a few hundred names, and a number compares faster than a name.

use std::collections::HashMap;
use std::sync::Arc;

/// A text's number; 0 is no text.
pub(crate) type TextId = u32;
/// No text.
pub(crate) const NONE: TextId = 0;

#[derive(Debug)]
pub(crate) struct Texts {
    ids: HashMap<Arc<str>, TextId>,
    texts: Vec<Arc<str>>,
}

impl Default for Texts {
    fn default() -> Self {
        let empty: Arc<str> = Arc::from("");
        Self { ids: HashMap::from([(Arc::clone(&empty), NONE)]), texts: vec![empty] }
    }
}

impl Texts {
    /// The number of a text, a new one for a new text.
    pub(crate) fn keep(&mut self, text: &str) -> TextId {
        if let Some(id) = self.ids.get(text) {
            return *id;
        }
        let id = self.texts.len() as TextId;
        let text: Arc<str> = Arc::from(text);
        self.texts.push(Arc::clone(&text));
        self.ids.insert(text, id);
        id
    }

    /// The number of a text that was kept.
    pub(crate) fn find(&self, text: &str) -> Option<TextId> {
        self.ids.get(text).copied()
    }

    pub(crate) fn get(&self, id: TextId) -> &str {
        self.texts.get(id as usize).map_or("", |text| text)
    }

    /// `None` for no text.
    pub(crate) fn filled(&self, id: TextId) -> Option<&str> {
        (id != NONE).then(|| self.get(id))
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        self.texts.iter().map(|text| &**text)
    }

    pub(crate) fn len(&self) -> usize {
        self.texts.len()
    }
}
