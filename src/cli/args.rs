//! The command line. The help of its flags is in `i18n/command_line`, and put in by [`super::command_line`].

use std::path::PathBuf;

use super::config::ConfigArgs;
#[cfg(feature = "demo")]
use super::emulate::EmulateArgs;
use crate::tui::effects::WORKER;
use obx_core::config::{Flags, ScreenFlags, StoreFlags};

#[derive(clap::Parser, Debug)]
#[command(name = "obx", version, max_term_width = 100)]
#[command(override_usage = "obx [OPTIONS] [ID]\n       obx <COMMAND>")]
pub(super) struct Args {
    #[command(subcommand)]
    pub(super) command: Option<Subcommand>,
    #[command(flatten)]
    pub(super) explore: ExploreArgs,
}

#[derive(clap::Args, Debug)]
pub(super) struct ExploreArgs {
    #[arg(value_name = "ID")]
    pub(super) id: Option<String>,
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,
    #[arg(long = "host", value_name = "URL")]
    hosts: Vec<String>,
    #[arg(long, value_name = "secret|sign")]
    auth: Option<String>,
    #[arg(long, value_name = "NAME")]
    platform: Option<String>,
    #[arg(long, value_name = "LANG")]
    lang: Option<String>,
    #[arg(long, value_name = "yes|no")]
    cache: Option<String>,
    #[arg(long, value_name = "VERSION")]
    api_version: Option<String>,
    #[arg(long, value_name = "TYPE")]
    result_type: Option<String>,
    #[arg(long)]
    sales_data: bool,
    #[arg(long)]
    agent: bool,
    #[arg(long = "param", value_name = "NAME=VALUE")]
    params: Vec<String>,
    /// The only one that subcommands take too.
    #[arg(long, value_name = "LANG", global = true)]
    pub(super) ui_lang: Option<String>,
    #[arg(long)]
    no_restore: bool,
    #[command(flatten)]
    screen: ScreenArgs,
    #[command(flatten)]
    store: StoreArgs,
}

#[derive(clap::Args, Debug)]
pub(super) struct ScreenArgs {
    #[arg(long)]
    no_color: bool,
    #[arg(long)]
    ascii: bool,
    #[arg(long)]
    lean: bool,
}

impl ScreenArgs {
    pub(super) fn flags(&self) -> ScreenFlags {
        ScreenFlags { no_color: self.no_color, ascii: self.ascii, lean: self.lean }
    }
}

#[derive(clap::Args, Debug)]
struct StoreArgs {
    #[arg(long, value_name = "FILE", conflicts_with = "no_store")]
    store: Option<PathBuf>,
    #[arg(long)]
    no_store: bool,
    #[arg(long)]
    offline: bool,
    #[arg(long, value_name = "CALLS")]
    cap: Option<u64>,
    #[arg(long, value_name = "CALLS")]
    reserve: Option<u64>,
}

impl ExploreArgs {
    pub(super) fn flags(&self) -> Flags {
        Flags {
            config: self.config.clone(),
            profile: self.profile.clone(),
            hosts: self.hosts.clone(),
            auth: self.auth.clone(),
            platform: self.platform.clone(),
            lang: self.lang.clone(),
            cache: self.cache.clone(),
            api_version: self.api_version.clone(),
            result_type: self.result_type.clone(),
            sales_data: self.sales_data,
            agent: self.agent,
            params: self.params.clone(),
            ui_lang: self.ui_lang.clone(),
            no_restore: self.no_restore,
            screen: self.screen.flags(),
            store: StoreFlags {
                path: self.store.store.clone(),
                no_store: self.store.no_store,
                offline: self.store.offline,
                cap: self.store.cap,
                reserve: self.store.reserve,
            },
        }
    }
}

#[derive(clap::Subcommand, Debug)]
pub(super) enum Subcommand {
    Config(ConfigArgs),
    #[cfg(feature = "demo")]
    Emulate(EmulateArgs),
    /// The explorer starts it by itself.
    #[command(hide = true, name = WORKER)]
    FilterWorker,
    Man,
    View(ViewArgs),
}

#[derive(clap::Args, Debug)]
pub(super) struct ViewArgs {
    #[arg(value_name = "FILE")]
    pub(super) file: PathBuf,
    #[arg(long, value_name = "SIZE")]
    pub(super) max_size: Option<String>,
    #[command(flatten)]
    pub(super) screen: ScreenArgs,
}
