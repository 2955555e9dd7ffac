//! Agreements that were read lately: a document may have a mebibyte, its digest has 64 characters.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::error::{Code, Problem};
use crate::store::{Agreement, Store};

/// Documents kept in memory.
const MOST_KEPT: usize = 256;

/// Documents by tenant, id and version.
#[derive(Default)]
pub(super) struct Library(Mutex<HashMap<(String, String, i64), Arc<Agreement>>>);

impl Library {
    pub(super) async fn agreement(
        &self,
        store: &Store,
        tenant: &str,
        id: &str,
        known_at: Option<i64>,
    ) -> Result<Arc<Agreement>, Problem> {
        let none = || Problem::new(Code::NotFound, format!("there is no agreement `{id}`"), "");
        let recorded = store.agreement(tenant, id, known_at).await?.ok_or_else(none)?;
        let key = (tenant.to_owned(), id.to_owned(), recorded.version);
        if let Some(kept) = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&key)
            && kept.recorded.digest == recorded.digest
        {
            return Ok(Arc::clone(kept));
        }
        let read = store.agreement_document(tenant, id, Some(recorded.version)).await?.ok_or_else(none)?;
        let read = Arc::new(read);
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= MOST_KEPT {
            kept.clear();
        }
        kept.insert(key, Arc::clone(&read));
        Ok(read)
    }
}
