//! Writes the state of the screen while the session goes on, so that a session that is killed leaves one too.

use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::ViewFile;
use crate::app::{App, ViewMilestone};
use crate::message::ViewState;
use crate::tui::effects::Effects;

/// Has the file written on another thread, whenever a milestone of the screen's state is reached.
#[derive(Debug)]
pub(in crate::tui) struct ViewWriter {
    file: ViewFile,
    reached: Option<ViewMilestone>,
    write_task: Option<WriteTask>,
}

/// The task that writes. Of several states that come while it does, it writes the last.
#[derive(Debug)]
struct WriteTask {
    states: watch::Sender<ViewState>,
    task: JoinHandle<()>,
}

impl ViewWriter {
    pub(in crate::tui) fn new(file: ViewFile) -> Self {
        Self { file, reached: None, write_task: None }
    }

    /// Has the state written when another item, filter, sorting, layout or other looks are on the screen than before.
    pub(in crate::tui) fn reach(&mut self, app: &App, effects: &Effects) {
        let Some(milestone) = app.view_milestone() else { return };
        // The first frame has what the file has.
        let is_new = self.reached.as_ref().is_some_and(|reached| *reached != milestone);
        if is_new {
            let file = &self.file;
            let write_task = self.write_task.get_or_insert_with(|| WriteTask::start(file.clone()));
            write_task.states.send_replace(view_state(app, effects));
        }
        if is_new || self.reached.is_none() {
            self.reached = Some(milestone);
        }
    }

    /// Writes the last state, after those that are being written.
    pub(in crate::tui) async fn end(self, app: &App, effects: &Effects) {
        let state = view_state(app, effects);
        let Self { file, write_task, .. } = self;
        if let Some(WriteTask { states, task }) = write_task {
            drop(states);
            let _ = task.await; // a panic there is in the log
        }
        write(file, state).await;
    }
}

impl WriteTask {
    fn start(file: ViewFile) -> Self {
        let (states, mut newest) = watch::channel(ViewState::default());
        let task = tokio::spawn(async move {
            while newest.changed().await.is_ok() {
                let state = newest.borrow_and_update().clone();
                write(file.clone(), state).await;
            }
        });
        Self { states, task }
    }
}

/// The state of the screen, without secrets.
fn view_state(app: &App, effects: &Effects) -> ViewState {
    let mut view = app.view_state();
    view.remove_secrets(|text| effects.has_secret(text));
    view
}

async fn write(file: ViewFile, state: ViewState) {
    match tokio::task::spawn_blocking(move || file.save(&state)).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::warn!(%error, "the state of the screen could not be written"),
        Err(error) => tracing::warn!(%error, "the state of the screen was not written"),
    }
}
