//! What keys mean: one table, a row an action. Names here are those of the palette and of the config file.
//!
//! ```text
//!  row ─┬─▶ name, keys, text, what it may spend ─▶ keymap, help, footer, palette
//!       └─▶ handler ─▶ app::actions
//! ```

use obx_core::i18n::Texts;

use super::PaneId;

/// Where a binding holds. A key is looked up in the scope of what is in front, then in [`KeyScope::Global`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyScope {
    /// In all panes and popups.
    Global,
    Pane(PaneId),
    /// In a text input, where only its own bindings hold and all other keys are text.
    Text,
    Popup,
    /// In the SKU matrix, a popup with keys of its own.
    Matrix,
    /// In the list of the SKU table's columns, a popup with keys of its own.
    Columns,
    /// In a batch, a popup with keys of its own.
    Batch,
    /// In the results of a search for items, a popup with keys of its own.
    Results,
    /// In the copy menu, where a key says what is copied.
    Copying,
}

impl KeyScope {
    /// Whether it is that of a popup without text input.
    pub fn is_of_popup(self) -> bool {
        matches!(self, Self::Popup | Self::Matrix | Self::Columns | Self::Batch | Self::Results)
    }

    /// The scopes that are no pane.
    const OF_NO_PANE: [Self; 8] = [
        Self::Global,
        Self::Text,
        Self::Popup,
        Self::Copying,
        Self::Matrix,
        Self::Columns,
        Self::Batch,
        Self::Results,
    ];

    fn all() -> impl Iterator<Item = Self> {
        let panes = PaneId::ALL.iter().map(|pane| Self::Pane(*pane));
        Self::OF_NO_PANE.into_iter().chain(panes)
    }

    /// The names of all scopes.
    pub fn names() -> Vec<&'static str> {
        Self::all().map(Self::name).collect()
    }

    /// The name in the config file: `[keys.response]`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Global => "global",
            Self::Pane(pane) => pane.name(),
            Self::Text => "text",
            Self::Popup => "popup",
            Self::Matrix => "matrix",
            Self::Columns => "columns",
            Self::Batch => "batch",
            Self::Results => "results",
            Self::Copying => "copying",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::all().find(|scope| scope.name() == name)
    }
}

/// Calls `$then!` with the rows of the table, in the order in which help shows them. A row has:
///
/// - the name, and the variant of [`Action`];
/// - its default keys, by scope. None needs Alt, a function key or another Ctrl letter than these: tmux, screen, zellij
///   and flow control own those;
/// - the text that says what it does;
/// - `free`, or `spends` with what tells the call that it would buy: its key buys only while ¥ is in sight;
/// - its handler: `app` and a function of the app, or `pane` for what the pane with the focus does; either only while no
///   popup is in front, which else gets the action. `anywhere` is the app's in any case.
///
/// Each row of the table of panes is an action that focuses this pane; `panes` is the place of all of them.
macro_rules! action_table {
    ($then:ident) => { $then! {
        {
            submit: Submit, [Text "enter"], action_submit, spends(App::submit_purchase), app(App::submit);
            open: Open, [Global "enter"], action_open, free, pane;
            refetch: Refetch, [Global "R"], action_refetch, spends(App::refetch_purchase), app(App::refetch);
            override: Override, [Global "Y"], action_override, spends(App::override_purchase), app(App::override_guard);
            escape: Escape, [Text "esc ctrl-c", Popup "esc", Global "esc"], action_escape, free, app(App::escape);
            down: Down, [Text "down", Global "j down"], action_down, free, pane;
            up: Up, [Text "up", Global "k up"], action_up, free, pane;
            left: Left, [Global "h left"], action_left, free, pane;
            right: Right, [Global "l right"], action_right, free, pane;
            top: Top, [Global "g home"], action_top, free, pane;
            bottom: Bottom, [Global "G end"], action_bottom, free, pane;
            page_down: PageDown, [Text "pgdn", Global "pgdn"], action_page_down, free, pane;
            page_up: PageUp, [Text "pgup", Global "pgup"], action_page_up, free, pane;
            half_page_down: HalfPageDown, [Global "ctrl-d"], action_half_page_down, free, pane;
            half_page_up: HalfPageUp, [Global "ctrl-u"], action_half_page_up, free, pane;
            filter: Filter, [Global "/"], action_filter, free, app(App::filter);
            jq: Jq, [Global "|"], action_jq, free, app(App::filter_with_jq);
            column_left: ColumnLeft, [Pane(Skus) "H", Pane(Requests) "H", Results "H"], action_column_left, free, pane;
            column_right: ColumnRight, [Pane(Skus) "L", Pane(Requests) "L", Results "L"], action_column_right, free, pane;
            sort: Sort, [Global "s"], action_sort, free, pane;
            sort_reverse: SortReverse, [Global "S"], action_sort_reverse, free, pane;
            full: Full, [Global "f"], action_full, free, app(App::toggle_full);
            explain: Explain, [Global "!"], action_explain, free, app(App::explain);
            edit_call: EditCall, [Global "c"], action_edit_call, free, app(App::edit_call);
            facts: Facts, [Global "O"], action_facts, free, app(App::open_facts);
            description: Description, [Global "D"], action_description, free, app(App::open_description);
            batch: Batch, [Global "b"], action_batch, free, app(App::open_batch);
            buy_batch: BuyBatch, [Batch "B"], action_buy_batch, spends(App::batch_purchase), anywhere(App::buy_batch);
            override_batch: OverrideBatch, [Batch "Y"], action_override_batch, spends(App::batch_override),
                anywhere(App::override_batch);
            pause_batch: PauseBatch, [Batch "space"], action_pause_batch, spends(App::batch_resumption),
                anywhere(App::pause_batch);
            stop_batch: StopBatch, [Batch "X"], action_stop_batch, free, anywhere(App::stop_batch);
            retry_unknown: RetryUnknown, [Batch "U"], action_retry_unknown, free, anywhere(App::retry_unknown);
            plan_again: PlanAgain, [Batch "r"], action_plan_again, free, anywhere(App::plan_again);
            new_batch: NewBatch, [Batch "n"], action_new_batch, free, anywhere(App::new_batch);
            pictures: Pictures, [Global "I"], action_pictures, free, app(App::open_pictures);
            quota: Quota, [Global "u"], action_quota, free, app(App::open_quota);
            older: Older, [Global "<"], action_older, free, app(|app| app.model.step_version(false));
            newer: Newer, [Global ">"], action_newer, free, app(|app| app.model.step_version(true));
            compare: Compare, [Global "d"], action_compare, free, app(|app| app.model.compare());
            mark: Mark, [Results "space", Global "m", Pane(Requests) "space"], action_mark, free, app(App::mark);
            back: Back, [Global "["], action_back, free, app(|app| app.model.step_visit(false));
            forward: Forward, [Global "]"], action_forward, free, app(|app| app.model.step_visit(true));
            history: History, [Text "ctrl-r", Global "ctrl-r"], action_history, free, app(|app| app.open_history(""));
            find: Find, [Global "F"], action_find, free, app(|app| app.open_search(""));
            search: Search, [Global "W"], action_search, free, app(|app| app.show_results());
            open_found: OpenFound, [Results "enter"], action_open_found, spends(App::no_purchase), pane;
            next_page: NextPage, [Results "n"], action_next_page, spends(App::no_purchase), pane;
            previous_page: PreviousPage, [Results "p"], action_previous_page, spends(App::no_purchase), pane;
            star: Star, [Global "*"], action_star, free, app(|app| app.model.toggle_star());
            note: Note, [Global "a"], action_note, free, app(App::open_note);
            sku_matrix: SkuMatrix, [Global "P"], action_sku_matrix, free, app(App::open_sku_matrix);
            quantity: Quantity, [], action_quantity, free, app(App::ask_quantity);
            matrix_measure: MatrixMeasure, [Matrix "t"], action_matrix_measure, free, pane;
            matrix_axes: MatrixAxes, [Matrix "a"], action_matrix_axes, free, pane;
            copy: Copy, [Popup "y", Matrix "y", Results "y"], action_copy, free, pane;
            fold: Fold, [Pane(Response) "space"], action_fold, free, pane;
            unfold_all: UnfoldAll, [Pane(Response) "zR"], action_unfold_all, free, pane;
            fold_all: FoldAll, [Pane(Response) "zM"], action_fold_all, free, pane;
            unfold_level: UnfoldLevel, [Pane(Response) "zr"], action_unfold_level, free, pane;
            fold_level: FoldLevel, [Pane(Response) "zm"], action_fold_level, free, pane;
            next_sibling: NextSibling, [Pane(Response) "J"], action_next_sibling, free, pane;
            previous_sibling: PreviousSibling, [Pane(Response) "K"], action_previous_sibling, free, pane;
            wrap: Wrap, [Pane(Item) "w", Pane(Response) "w"], action_wrap, free, pane;
            next_hit: NextHit, [Pane(Response) "n"], action_next_hit, free, pane;
            previous_hit: PreviousHit, [Pane(Response) "N"], action_previous_hit, free, pane;
            next_view: NextView, [Pane(Response) "t"], action_next_view, free, pane;
            pretty: Pretty, [Pane(Response) "p"], action_pretty, free, pane;
            hide_column: HideColumn, [Pane(Skus) "zc"], action_hide_column, free, pane;
            show_columns: ShowColumns, [Pane(Skus) "C"], action_show_columns, free, app(App::open_columns);
            toggle_column: ToggleColumn, [Columns "space"], action_toggle_column, free, pane;
            move_column_down: MoveColumnDown, [Columns "J"], action_move_column_down, free, pane;
            move_column_up: MoveColumnUp, [Columns "K"], action_move_column_up, free, pane;
            reset_columns: ResetColumns, [Columns "r"], action_reset_columns, free, pane;
            export: Export, [Global "x"], action_export, free, app(App::offer_export);
            copy_menu: CopyMenu, [Global "y"], action_copy_menu, free, app(|app| app.open(CopyMenu));
            copy_row: CopyRow, [Copying "y"], action_copy_row, free, app(|app| app.copy_part(Action::CopyRow));
            copy_value: CopyValue, [Copying "v"], action_copy_value, free, app(|app| app.copy_part(Action::CopyValue));
            copy_key: CopyKey, [Copying "k"], action_copy_key, free, app(|app| app.copy_part(Action::CopyKey));
            copy_path: CopyPath, [Copying "p"], action_copy_path, free, app(|app| app.copy_part(Action::CopyPath));
            copy_jq_path: CopyJqPath, [Copying "q"], action_copy_jq_path, free,
                app(|app| app.copy_part(Action::CopyJqPath));
            copy_curl: CopyCurl, [Copying "c"], action_copy_curl, free, app(|app| app.copy_part(Action::CopyCurl));
            copy_string: CopyString, [Copying "s"], action_copy_string, free,
                app(|app| app.copy_part(Action::CopyString));
            register: Register, [], action_register, free, app(App::show_register);
            open_editor: OpenEditor, [Global "e"], action_open_editor, free, app(|app| app.read_in(Viewer::Editor));
            open_pager: OpenPager, [Global "v"], action_open_pager, free, app(|app| app.read_in(Viewer::Pager));
            open_page: OpenPage, [Global "o"], action_open_page, free, app(App::open_page);
            next_pane: NextPane, [Text "tab", Global "tab"], action_next_pane, free, app(|app| app.step_pane(true));
            previous_pane: PreviousPane, [Text "shift-tab", Global "shift-tab"], action_previous_pane, free,
                app(|app| app.step_pane(false));
            grow_rows: GrowRows, [Global "+"], action_grow_rows, free, app(|app| app.grow_rows(1));
            shrink_rows: ShrinkRows, [Global "-"], action_shrink_rows, free, app(|app| app.grow_rows(-1));
            grow_columns: GrowColumns, [Global ")"], action_grow_columns, free, app(|app| app.grow_columns(1));
            shrink_columns: ShrinkColumns, [Global "("], action_shrink_columns, free, app(|app| app.grow_columns(-1));
            hide_pane: HidePane, [Global "_"], action_hide_pane, free, app(App::hide_pane);
            reset_layout: ResetLayout, [Global "="], action_reset_layout, free, app(App::reset_layout);
        }
        panes
        {
            help: Help, [Global "?"], action_help, free, anywhere(App::help);
            palette: Palette, [Global ":"], action_palette, free, anywhere(App::palette);
            switch_language: SwitchLanguage, [Global "L"], action_switch_language, free,
                anywhere(App::switch_language);
            switch_theme: SwitchTheme, [Global "T"], action_switch_theme, free, app(App::switch_theme);
            tour: Tour, [], action_tour, free, app(App::toggle_tour);
            toggle_mouse: ToggleMouse, [Global "M"], action_toggle_mouse, free, app(App::toggle_mouse);
            redraw: Redraw, [Text "ctrl-l", Global "ctrl-l"], action_redraw, free, anywhere(|_| [Effect::Redraw]);
            suspend: Suspend, [Text "ctrl-z", Global "ctrl-z"], action_suspend, free, anywhere(|_| [Effect::Suspend]);
            leave: Leave, [Global "q"], action_leave, free, app(App::leave);
            quit: Quit, [Global "ctrl-c"], action_quit, free, anywhere(App::quit);
        }
    } };
}
pub(crate) use action_table;

macro_rules! define_actions {
    (
        { $($name:ident: $action:ident, $keys:tt, $text:ident, $cost:ident $($purchase:expr)?, $to:ident $($handler:expr)?;)* }
        panes
        { $($late_name:ident: $late:ident, $late_keys:tt, $late_text:ident, $late_cost:ident, $late_to:ident $($late_handler:expr)?;)* }
    ) => {
        /// What a key or a line of the command palette does.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Action {
            $(#[doc = concat!("`", stringify!($name), "`")] $action,)*
            /// Moves the focus to this pane.
            Focus(PaneId),
            $(#[doc = concat!("`", stringify!($late_name), "`")] $late,)*
        }

        impl Action {
            /// All actions, in the order in which help shows them.
            pub fn all() -> impl Iterator<Item = Self> {
                let early = [$(Self::$action,)*];
                let late = [$(Self::$late,)*];
                early.into_iter().chain(PaneId::ALL.iter().copied().map(Self::Focus)).chain(late)
            }

            /// The name, in `snake_case`.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$action => stringify!($name),)*
                    Self::Focus(pane) => pane.spec().focus_name,
                    $(Self::$late => stringify!($late_name),)*
                }
            }

            /// The description in a line of help.
            pub fn describe(self, texts: Texts) -> &'static str {
                match self {
                    $(Self::$action => texts.$text(),)*
                    Self::Focus(pane) => (pane.spec().focus_text)(texts),
                    $(Self::$late => texts.$late_text(),)*
                }
            }

            /// The keys that it is bound to by default.
            pub fn default_keys(self) -> Vec<(KeyScope, &'static str)> {
                match self {
                    $(Self::$action => keys!($keys),)*
                    Self::Focus(pane) => vec![(KeyScope::Global, pane.spec().keys)],
                    $(Self::$late => keys!($late_keys),)*
                }
            }

            /// Whether it can cost something. The key of such an action spends only while its price is on the screen.
            pub fn may_spend(self) -> bool {
                match self {
                    $(Self::$action => is_word!($cost spends),)*
                    $(Self::$late => is_word!($late_cost spends),)*
                    Self::Focus(_) => false,
                }
            }

            /// Whether it does the same while a popup is in front.
            pub fn works_anywhere(self) -> bool {
                match self {
                    $(Self::$action => is_word!($to anywhere),)*
                    $(Self::$late => is_word!($late_to anywhere),)*
                    Self::Focus(_) => false,
                }
            }
        }
    };
}

macro_rules! keys {
    ([$($scope:ident $(($pane:ident))? $keys:literal),*]) => {
        vec![$((KeyScope::$scope $((PaneId::$pane))?, $keys)),*]
    };
}

macro_rules! is_word {
    (spends spends) => {
        true
    };
    (anywhere anywhere) => {
        true
    };
    ($word:ident $wanted:ident) => {
        false
    };
}

action_table!(define_actions);

impl Action {
    /// Whether it only moves a cursor.
    pub fn is_movement(self) -> bool {
        use Action::{Bottom, Down, HalfPageDown, HalfPageUp, Left, PageDown, PageUp, Right, Top, Up};
        matches!(
            self,
            Down | Up | Left | Right | Top | Bottom | PageDown | PageUp | HalfPageDown | HalfPageUp
        )
    }

    /// Whether what it does depends on pane and popup, so that only these can say it.
    pub fn depends_on_place(self) -> bool {
        self.is_movement()
            || matches!(self, Self::Open | Self::Submit | Self::Escape | Self::Leave | Self::Filter)
    }

    /// What it does in a scope where that is something else than what [`Action::describe`] says.
    pub fn describe_in(self, scope: KeyScope, texts: Texts) -> Option<&'static str> {
        Some(match (scope, self) {
            (KeyScope::Results, Self::Mark) => texts.action_mark_result(),
            (KeyScope::Results, Self::Batch) => texts.action_buy_marked(),
            (KeyScope::Results, Self::Refetch) => texts.action_refetch_page(),
            (KeyScope::Results, Self::Focus(PaneId::Id)) => texts.action_edit_words(),
            (KeyScope::Results, Self::Copy) => texts.action_copy_results(),
            _ => return None,
        })
    }

    /// Whether it starts another program or ends this one. Its key is refused where it comes with others, as in a paste.
    pub fn leaves_the_screen(self) -> bool {
        matches!(self, Self::OpenEditor | Self::OpenPager | Self::OpenPage | Self::Leave)
    }

    /// Whether it buys calls of a batch.
    pub fn is_of_batch(self) -> bool {
        matches!(self, Self::BuyBatch | Self::OverrideBatch | Self::PauseBatch)
    }

    /// Whether the palette lists it. Movements and what only popups do are useful as keys only, and would be in the way
    /// there; a batch is bought in front of its plan.
    pub fn is_in_palette(self) -> bool {
        let is_of_popup = matches!(
            self,
            Self::Copy
                | Self::CopyMenu
                | Self::BuyBatch
                | Self::OverrideBatch
                | Self::OpenFound
                | Self::NextPage
                | Self::PreviousPage
        );
        !self.is_movement() && !is_of_popup
    }

    /// Whether it takes the words after its name in the palette as its argument.
    pub fn takes_words(self) -> bool {
        matches!(self, Self::History | Self::Find | Self::Search)
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::all().find(|action| action.name() == name)
    }

    /// The scope whose keys the config file sets without naming one.
    pub fn main_scope(self) -> KeyScope {
        let keys = self.default_keys();
        let is_global = keys.is_empty() || keys.iter().any(|(scope, _)| *scope == KeyScope::Global);
        keys.first().filter(|_| !is_global).map_or(KeyScope::Global, |(scope, _)| *scope)
    }

    /// Whether a key can be bound to it in this scope. In a text input and in the copy menu few actions mean anything.
    pub fn works_in(self, scope: KeyScope) -> bool {
        let by_default = self.default_keys().iter().any(|(place, _)| *place == scope);
        match scope {
            KeyScope::Text => by_default || self.works_anywhere(),
            KeyScope::Copying => by_default,
            _ => self.main_scope() != KeyScope::Copying && self.main_scope() != KeyScope::Text,
        }
    }
}
