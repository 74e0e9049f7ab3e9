//! The panes: a line each says all that others have to know of one.

use obx_core::i18n::Texts;

/// Where a pane is on the screen; see [`crate::ui::layout`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slot {
    /// Across the top.
    Top,
    /// On the left.
    UpperLeft,
    /// Below it.
    LowerLeft,
    /// On the right.
    UpperRight,
    /// Below it.
    LowerRight,
    /// In front of both on the right.
    Right,
}

/// Calls `$then!` with a line for each pane, in the order of Tab: its ID, its keys, beginning with the digit that its
/// frame shows, the name of the action that leads there, what that does and its title, its place, and its type in
/// [`crate::pane`].
macro_rules! pane_table {
    ($then:ident) => { $then! {
        Id, "1 i", focus_id, action_focus_id, pane_id, Top, id_input::IdInput;
        Item, "2", focus_item, action_focus_item, pane_item, UpperLeft, item_summary::ItemSummary;
        Skus, "3", focus_skus, action_focus_skus, pane_skus, UpperRight, sku_table::SkuTable;
        Props, "4", focus_props, action_focus_props, pane_props, LowerLeft, props_list::PropsList;
        Requests, "5", focus_requests, action_focus_requests, pane_requests, LowerRight, request_log::RequestLogPane;
        Response, "6", focus_response, action_focus_response, pane_response, Right, response::ResponsePane;
    } };
}
pub(crate) use pane_table;

/// What others have to know of a pane.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PaneSpec {
    /// Of the action that leads there; the first is the digit that its frame shows.
    pub(crate) keys: &'static str,
    pub(crate) focus_name: &'static str,
    pub(crate) focus_text: fn(Texts) -> &'static str,
    title: fn(Texts) -> &'static str,
    slot: Slot,
}

macro_rules! define_panes {
    ($($pane:ident, $keys:literal, $focus:ident, $text:ident, $title:ident, $slot:ident, $type:path;)*) => {
        /// The panes, in the order of Tab.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum PaneId {
            $(#[doc = concat!("`", stringify!($focus), "` leads there.")] $pane,)*
        }

        impl PaneId {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$pane,)*];

            pub(crate) fn spec(self) -> PaneSpec {
                match self {
                    $(Self::$pane => PaneSpec {
                        keys: $keys,
                        focus_name: stringify!($focus),
                        focus_text: |texts| texts.$text(),
                        title: |texts| texts.$title(),
                        slot: Slot::$slot,
                    },)*
                }
            }
        }
    };
}

pane_table!(define_panes);

impl PaneId {
    /// Its name in files: that of the action that leads there, without `focus_`.
    pub fn name(self) -> &'static str {
        let name = self.spec().focus_name;
        name.strip_prefix("focus_").unwrap_or(name)
    }

    /// Its title in the interface's language.
    pub fn title(self, texts: Texts) -> &'static str {
        (self.spec().title)(texts)
    }

    /// Where it is on the screen.
    pub fn slot(self) -> Slot {
        self.spec().slot
    }
}
