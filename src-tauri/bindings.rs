//! The TypeScript side of the boundary, written from the same types and the same list of commands: `--write-bindings FOLDER`
//! and `--check-bindings FOLDER`, of a checkout.
//!
//! Left out on purpose: programs that are handed out, in which this would be code for nobody.

use std::fmt::Write as _;
use std::path::Path;
use std::process::ExitCode;

use atalaya_ahead::wire as ahead;
use atalaya_calls::wire as calls;
use atalaya_desk as desk;
use atalaya_desk::wire::operations;
use atalaya_floor::wire as floor;
use atalaya_history::wire as history;
use atalaya_outreach::wire as outreach;
use atalaya_player::wire as player;
use atalaya_review::wire as review;
use ts_rs::{Config, TS};

const HEADER: &str = "// Generated from Rust by `cargo xtask bindings`: do not edit.\n";

macro_rules! declarations {
    ($config:expr, $($ty:ty),* $(,)?) => {
        [$((<$ty as TS>::docs(), <$ty as TS>::decl($config))),*]
    };
}

/// The files and their contents.
fn files() -> [(&'static str, String); 5] {
    let config = Config::new().with_large_int("number");
    let mut types = format!("{HEADER}\n");
    let declarations = declarations![
        &config,
        desk::Problem,
        floor::Direction,
        floor::AgentState,
        floor::Rolling,
        floor::HalfHour,
        floor::Campaign,
        floor::Agent,
        floor::StateTime,
        floor::PauseTime,
        floor::AgentSeat,
        floor::AgentDay,
        floor::Freshness,
        floor::Slowed,
        floor::Health,
        floor::Snapshot,
        floor::Delta,
        floor::FloorUpdate,
        floor::Measure,
        floor::Severity,
        floor::Hears,
        floor::Rule,
        floor::AlertPart,
        floor::Alert,
        floor::AlertBoard,
        floor::Team,
        floor::PauseLimit,
        ahead::AheadReason,
        ahead::AheadBasis,
        ahead::AheadGrounds,
        ahead::AheadBand,
        ahead::AheadLimited,
        ahead::AheadColour,
        ahead::AheadPassing,
        ahead::AheadGroup,
        ahead::AheadRecord,
        ahead::AheadFigure,
        ahead::AheadAt,
        ahead::AheadOutlook,
        ahead::CampaignAhead,
        ahead::AheadTold,
        ahead::AheadChange,
        ahead::AheadDifference,
        ahead::CampaignWhatIf,
        ahead::AheadWhatIf,
        ahead::NoAdvice,
        ahead::AdvisedPerson,
        ahead::AheadAdvice,
        history::Period,
        history::SeenBy,
        history::Extent,
        history::Moment,
        history::Trend,
        history::StateSpan,
        history::PersonPast,
        history::ReportRequest,
        history::ReportForecast,
        history::ReportHalf,
        history::ReportCampaign,
        history::ReportPause,
        history::ReportPerson,
        history::Report,
        desk::HistoryRoom,
        atalaya_export::page::PageTable,
        atalaya_export::page::Page,
        atalaya_export::csv::Separator,
        calls::Search,
        calls::Leg,
        calls::Call,
        calls::SearchUpdate,
        calls::Answered,
        calls::HeardPart,
        calls::SoundFilter,
        calls::LocalFilter,
        calls::Column,
        calls::ListMode,
        calls::ListView,
        calls::Mark,
        calls::ListRow,
        calls::ListSlice,
        calls::Facet,
        calls::Facets,
        calls::Caller,
        calls::Callers,
        calls::AgentCalls,
        calls::Query,
        calls::ReadQuery,
        calls::Place,
        calls::PlaceAnswer,
        calls::Attempt,
        calls::LocateUpdate,
        calls::TagState,
        calls::Tag,
        review::Tone,
        review::Band,
        review::StartingCard,
        review::ChoiceOption,
        review::Kind,
        review::CommentRule,
        review::Question,
        review::Section,
        review::Card,
        review::Value,
        review::Answer,
        review::ScoredSection,
        review::ScoredItem,
        review::Scored,
        review::Feedback,
        review::FeedbackStep,
        review::Review,
        review::ReviewFilter,
        review::ReviewLine,
        review::AgentReview,
        review::ReviewAlert,
        review::Note,
        review::NoteFound,
        review::ShareOf,
        review::ReviewShare,
        review::ShareRequest,
        review::SharePerson,
        review::ShareState,
        review::SampleRequest,
        review::Shortfall,
        review::Handed,
        review::CardHere,
        review::HandedFound,
        review::Sample,
        review::TakenIn,
        review::SampleUpdate,
        review::ItemState,
        review::SampleItem,
        review::Calibration,
        review::ComparedReviewer,
        review::ComparedItem,
        review::Compared,
        review::ReportFilter,
        review::ReportBy,
        review::ReportRow,
        review::Disposition,
        atalaya_store::AuditFilter,
        atalaya_store::backup::BackupContent,
        player::Phase,
        player::Hearing,
        player::Span,
        player::Detail,
        player::Transport,
        player::Peaks,
        player::SideFigures,
        player::SoundFigures,
        player::SoundKind,
        player::SoundStretch,
        player::SoundReport,
        desk::Language,
        desk::Theme,
        desk::QuietHours,
        desk::DailyPeriod,
        desk::DailyReport,
        desk::session::DailyDue,
        desk::session::DailyMade,
        desk::session::DailyState,
        desk::session::DailyContent,
        desk::session::HeldCall,
        desk::session::TeamNews,
        desk::RecordingNames,
        atalaya_webhook::Form,
        atalaya_webhook::Hindrance,
        atalaya_webhook::Outcome,
        desk::WebhookChoice,
        desk::WebhookAddress,
        desk::WebhookSent,
        desk::WebhookState,
        desk::WebhookWords,
        atalaya_update::Notes,
        desk::UpdateFound,
        desk::UpdatePhase,
        desk::UpdateState,
        desk::UpdateWaits,
        desk::UpdateWayBack,
        atalaya_team::wire::TeamPart,
        atalaya_team::wire::TeamAsker,
        atalaya_team::wire::TeamState,
        atalaya_teamlog::wire::SharedState,
        desk::TeamJoin,
        desk::TeamMember,
        desk::HousePublished,
        desk::HousePart,
        desk::HouseTold,
        desk::TeamTold,
        desk::Offered,
        desk::ChosenKey,
        desk::SettingChange,
        desk::SettingsFound,
        desk::Settings,
        desk::SettingsParts,
        operations::Parameters,
        operations::Alternatives,
        operations::AgentCall,
        operations::AgentCallWithData,
        operations::HangUp,
        operations::Member,
        operations::AddMembers,
        operations::BlacklistChange,
        operations::BlacklistNumber,
        operations::BlacklistNumbers,
        operations::Blacklist,
        operations::Respool,
        operations::ScheduleCall,
        operations::TaskMode,
        operations::Task,
        operations::RemoveContact,
        operations::Unschedule,
        operations::SendSms,
        desk::wire::Operation,
        operations::Flaw,
        operations::SmsAlphabet,
        operations::SmsLength,
        desk::wire::Checked,
        desk::wire::Performed,
        desk::wire::OwnPhone,
        outreach::BatchKind,
        outreach::ReachedSince,
        outreach::RequestedItem,
        outreach::BatchRequest,
        outreach::BatchItemState,
        outreach::BatchItem,
        outreach::Batch,
        outreach::BatchItems,
        outreach::SendingUpdate,
        outreach::FileKind,
        outreach::Encoding,
        outreach::Parted,
        outreach::FileHint,
        outreach::ColumnSeen,
        outreach::ParameterColumn,
        outreach::Mapping,
        outreach::FileTaken,
        outreach::TakeUpdate,
        outreach::BaseKind,
        outreach::BaseRequest,
        outreach::CheckUpdate,
        outreach::ReasonCount,
        outreach::CheckedBase,
        outreach::RowReason,
        outreach::CheckedRow,
        outreach::RowsWanted,
        outreach::CheckedRows,
        outreach::SentKind,
        outreach::SentOutcome,
        outreach::Undo,
        outreach::SentLine,
        outreach::SentCount,
        outreach::SentPage,
        outreach::Listed,
        outreach::BlacklistKnown,
        outreach::BlacklistPage,
        outreach::BlacklistImport,
        atalaya_store::profiles::Profile,
        desk::wire::AlertsTold,
        desk::ReviewRule,
        desk::wire::Preparing,
        desk::Decided,
        desk::wire::SessionState,
        atalaya_store::secrets::SecretStoreKind,
        desk::wire::SignInRequest,
        desk::wire::ServerHint,
        desk::wire::MediaKey,
        desk::wire::FileDrag,
        desk::wire::PlayerUpdate,
        desk::wire::SavedSound,
        desk::wire::SaveUpdate,
        desk::wire::ExportUpdate,
        desk::wire::TagRequest,
        desk::wire::BatchOutcome,
        desk::wire::WriteOutcome,
        desk::wire::Written,
        desk::wire::ListenRequest,
        desk::wire::BatchLine,
        desk::wire::BatchUpdate,
        desk::wire::DispositionRequest,
        desk::wire::Imported,
        desk::wire::AuditLine,
        desk::wire::ErrorLine,
        desk::wire::PlaceLine,
        desk::wire::Diagnostics,
        atalaya_support::Breakdown,
    ];
    for (docs, declaration) in declarations {
        let _ = write!(types, "{}export {declaration}\n\n", docs.unwrap_or_default());
    }

    let mut commands = format!("{HEADER}\nimport type * as t from './types';\n\n");
    let described = crate::commands::describe(&config);
    commands.push_str("/** Every command: its arguments and its reply. */\nexport interface Commands {\n");
    for command in described.iter().filter(|command| command.message.is_none()) {
        let _ = writeln!(
            commands,
            "  {}: {{ args: {}; reply: {} }};",
            command.name,
            args(command),
            reply(command)
        );
    }
    commands.push_str(
        "}\n\n/** Every stream: its arguments, its messages and its reply. */\nexport interface Streams {\n",
    );
    for command in &described {
        if let Some(message) = &command.message {
            let _ = writeln!(
                commands,
                "  {}: {{ args: {}; message: {}; reply: {} }};",
                command.name,
                args(command),
                qualified(message),
                reply(command)
            );
        }
    }
    commands.push_str("}\n");
    [
        ("ui/src/lib/host/generated/types.ts", types),
        ("ui/src/lib/host/generated/commands.ts", commands),
        ("src-tauri/generated/command_names.rs", command_names()),
        ("src-tauri/capabilities/main.json", main_capability()),
        ("src-tauri/capabilities/wall.json", wall_capability()),
    ]
}

/// For the build script, which cannot see the list itself.
fn command_names() -> String {
    let mut text = format!("{HEADER}\n/// The names of all commands.\npub const COMMANDS: &[&str] = &[\n");
    for name in crate::commands::names() {
        let _ = writeln!(text, "    \"{name}\",");
    }
    text.push_str("];\n");
    text
}

fn main_capability() -> String {
    let own =
        ["core:event:default", "core:window:allow-set-theme", "core:webview:allow-internal-toggle-devtools"];
    capability(
        "main",
        "What the main window may ask of the program",
        "main",
        &own,
        &crate::commands::of_the_main_window(),
    )
}

fn wall_capability() -> String {
    let own = ["core:event:default"];
    let may = crate::commands::OF_A_WALL;
    capability(
        "wall",
        "What a wallboard may ask of the program: it reads, and looks after its own window",
        "wall-*",
        &own,
        &may,
    )
}

fn capability(id: &str, description: &str, windows: &str, own: &[&str], commands: &[&str]) -> String {
    let permissions: Vec<String> = own
        .iter()
        .map(|permission| (*permission).to_owned())
        .chain(commands.iter().map(|name| format!("allow-{}", name.replace('_', "-"))))
        .collect();
    let capability = serde_json::json!({
        "$schema": "../../gen/schemas/desktop-schema.json",
        "identifier": id,
        "description": description,
        "windows": [windows],
        "permissions": permissions,
    });
    format!("{capability:#}\n")
}

fn args(command: &crate::commands::Described) -> String {
    if command.args.is_empty() {
        return "Record<string, never>".to_owned();
    }
    let args: Vec<_> = command.args.iter().map(|(name, ty)| format!("{name}: {}", qualified(ty))).collect();
    format!("{{ {} }}", args.join("; "))
}

fn reply(command: &crate::commands::Described) -> String {
    qualified(&command.reply)
}

/// Names of our own types start with a capital; the language's own do not, `Array` and `Record` aside.
fn qualified(ty: &str) -> String {
    let mut out = String::new();
    let mut word = String::new();
    for c in ty.chars().chain(std::iter::once('\0')) {
        if c.is_alphanumeric() || c == '_' {
            word.push(c);
            continue;
        }
        let ours = word.starts_with(|c: char| c.is_ascii_uppercase())
            && !["Array", "Record"].contains(&word.as_str());
        if ours {
            out.push_str("t.");
        }
        out.push_str(&word);
        word.clear();
        if c != '\0' {
            out.push(c);
        }
    }
    out
}

/// Does what the command line asks of this; `None`: nothing of it.
pub(crate) fn asked_for(words: &[&str]) -> Option<ExitCode> {
    match words {
        ["--write-bindings", folder] => Some(match write(Path::new(folder)) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => crate::failed(&format!("the bindings could not be written: {error}")),
        }),
        ["--check-bindings", folder] => {
            let outdated = outdated(Path::new(folder));
            if outdated.is_empty() {
                return Some(ExitCode::SUCCESS);
            }
            let which = outdated.join(", ");
            Some(crate::failed(&format!("not current: {which}; run `cargo xtask bindings`")))
        }
        _ => None,
    }
}

/// Writes what is generated into the checkout `folder`.
fn write(folder: &Path) -> std::io::Result<()> {
    for (name, contents) in files() {
        let path = folder.join(name);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::write(path, contents)?;
    }
    Ok(())
}

/// What is generated and not current in the checkout `folder`.
fn outdated(folder: &Path) -> Vec<&'static str> {
    files()
        .into_iter()
        .filter(|(name, contents)| {
            std::fs::read_to_string(folder.join(name))
                .map_or(true, |kept| kept.replace("\r\n", "\n") != *contents)
        })
        .map(|(name, _)| name)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bindings_in_the_tree_are_current() {
        assert_eq!(
            outdated(Path::new(env!("CARGO_MANIFEST_DIR"))),
            Vec::<&str>::new(),
            "run `cargo xtask bindings`"
        );
    }
}
