//! The command line. The help of its flags is in `i18n/command_line`, and put in by [`super::command_line`].

use std::path::PathBuf;

use super::batch::BatchArgs;
use super::color::ColorWhen;
use super::completions::CompletionsArgs;
use super::config::ConfigArgs;
use super::diff::DiffArgs;
use super::doctor::DoctorArgs;
#[cfg(feature = "demo")]
use super::emulate::EmulateArgs;
use super::errors::ErrorsArgs;
use super::export::ExportArgs;
use super::facts::FactsArgs;
use super::find::FindArgs;
use super::get::GetArgs;
use super::history::HistoryArgs;
use super::images::ImagesArgs;
use super::log::LogArgs;
use super::quota::QuotaArgs;
use super::search::SearchArgs;
use super::show::ShowArgs;
use super::store::StoreCommandArgs;
use crate::tui::effects::WORKER;
use obx_core::config::{CredentialsUse, Flags, ScreenFlags, StoreFlags};

#[derive(clap::Parser, Debug)]
#[command(name = "obx", bin_name = "obx", version, max_term_width = 100)]
#[command(override_usage = "obx [OPTIONS] [ID]\n       obx <COMMAND>")]
pub(super) struct Args {
    #[command(subcommand)]
    pub(super) command: Option<Subcommand>,
    #[command(flatten)]
    pub(super) explore: ExploreArgs,
    #[command(flatten)]
    pub(super) global: GlobalArgs,
}

/// For the explorer alone.
#[derive(clap::Args, Debug)]
pub(super) struct ExploreArgs {
    /// Several are taken for `obx get`.
    #[arg(value_name = "ID")]
    pub(super) ids: Vec<String>,
    #[arg(long)]
    pub(super) no_restore: bool,
}

/// For the explorer and for all subcommands, before or after the subcommand's name.
#[derive(clap::Args, Debug)]
pub(super) struct GlobalArgs {
    #[command(flatten)]
    account: AccountArgs,
    #[command(flatten)]
    call: CallArgs,
    #[command(flatten)]
    store: StoreArgs,
    #[command(flatten)]
    screen: ScreenArgs,
    #[arg(long, short, global = true)]
    pub(super) quiet: bool,
}

#[derive(clap::Args, Debug)]
struct AccountArgs {
    #[arg(long, value_name = "FILE", global = true)]
    config: Option<PathBuf>,
    #[arg(long, value_name = "NAME", global = true)]
    profile: Option<String>,
    #[arg(long = "host", value_name = "URL", global = true)]
    hosts: Vec<String>,
    #[arg(long, value_name = "secret|sign", global = true)]
    auth: Option<String>,
    #[arg(long, global = true)]
    demo: bool,
}

#[derive(clap::Args, Debug)]
struct CallArgs {
    #[arg(long, value_name = "NAME", global = true)]
    platform: Option<String>,
    #[arg(long, value_name = "LANG", global = true)]
    lang: Option<String>,
    #[arg(long, value_name = "yes|no", global = true)]
    cache: Option<String>,
    #[arg(long, value_name = "VERSION", global = true)]
    api_version: Option<String>,
    #[arg(long, value_name = "TYPE", global = true)]
    result_type: Option<String>,
    #[arg(long, global = true)]
    sales_data: bool,
    #[arg(long, global = true)]
    agent: bool,
    #[arg(long = "param", value_name = "NAME=VALUE", global = true)]
    params: Vec<String>,
}

#[derive(clap::Args, Debug)]
struct StoreArgs {
    #[arg(long, value_name = "FILE", global = true, conflicts_with = "no_store")]
    store: Option<PathBuf>,
    #[arg(long, global = true)]
    no_store: bool,
    #[arg(long, global = true)]
    offline: bool,
    #[arg(long, value_name = "CALLS", global = true)]
    cap: Option<u64>,
    #[arg(long, value_name = "CALLS", global = true)]
    reserve: Option<u64>,
}

#[derive(clap::Args, Debug)]
struct ScreenArgs {
    #[arg(long, value_name = "LANG", global = true)]
    ui_lang: Option<String>,
    #[arg(long, value_name = "auto|always|never", global = true)]
    color: Option<ColorWhen>,
    #[arg(long, global = true, conflicts_with = "color")]
    no_color: bool,
    #[arg(long, global = true)]
    ascii: bool,
    #[arg(long, global = true)]
    lean: bool,
}

impl GlobalArgs {
    /// What the command line says for a command that needs credentials in this way.
    pub(super) fn flags(&self, credentials: CredentialsUse) -> Flags {
        let Self { account, call, store, .. } = self;
        let is_demo = account.demo && credentials != CredentialsUse::Unused;
        Flags {
            credentials: if is_demo { CredentialsUse::Demo } else { credentials },
            config: account.config.clone(),
            profile: account.profile.clone(),
            hosts: account.hosts.clone(),
            auth: account.auth.clone(),
            platform: call.platform.clone(),
            lang: call.lang.clone(),
            cache: call.cache.clone(),
            api_version: call.api_version.clone(),
            result_type: call.result_type.clone(),
            sales_data: call.sales_data,
            agent: call.agent,
            params: call.params.clone(),
            ui_lang: self.screen.ui_lang.clone(),
            no_restore: false,
            screen: self.screen(),
            store: StoreFlags {
                path: store.store.clone(),
                no_store: store.no_store,
                offline: store.offline,
                without_password: false,
                cap: store.cap,
                reserve: store.reserve,
            },
        }
    }

    /// Returns true with `--demo`.
    pub(super) fn is_demo(&self) -> bool {
        self.account.demo
    }

    /// What `--platform` names.
    pub(super) fn platform(&self) -> Option<&str> {
        self.call.platform.as_deref()
    }

    pub(super) fn ui_lang(&self) -> Option<&str> {
        self.screen.ui_lang.as_deref()
    }

    /// What the command line says about drawing.
    pub(super) fn screen(&self) -> ScreenFlags {
        let no_color = self.color() == ColorWhen::Never;
        ScreenFlags { no_color, ascii: self.screen.ascii, lean: self.screen.lean }
    }

    pub(super) fn color(&self) -> ColorWhen {
        if self.screen.no_color { ColorWhen::Never } else { self.screen.color.unwrap_or_default() }
    }
}

#[derive(clap::Subcommand, Debug)]
pub(super) enum Subcommand {
    Get(GetArgs),
    Quota(QuotaArgs),
    Search(SearchArgs),
    Show(ShowArgs),
    History(HistoryArgs),
    Diff(DiffArgs),
    Facts(FactsArgs),
    Find(FindArgs),
    Log(LogArgs),
    Batch(BatchArgs),
    Errors(ErrorsArgs),
    Export(ExportArgs),
    Images(ImagesArgs),
    Store(StoreCommandArgs),
    View(ViewArgs),
    Config(ConfigArgs),
    Doctor(DoctorArgs),
    #[cfg(feature = "demo")]
    Emulate(EmulateArgs),
    Completions(CompletionsArgs),
    Man,
    /// The explorer starts it by itself.
    #[command(hide = true, name = WORKER)]
    FilterWorker,
}

#[derive(clap::Args, Debug)]
pub(super) struct ViewArgs {
    #[arg(value_name = "FILE")]
    pub(super) file: PathBuf,
    #[arg(long, value_name = "SIZE")]
    pub(super) max_size: Option<String>,
}
