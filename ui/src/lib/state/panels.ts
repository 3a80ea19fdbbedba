// What a panel or a dialog holds while it is open: made when it opens, gone when it closes.
import type { ActKind, Target, Values } from '../acts';
import type { Call, Host } from '../host/host';
import { ActState } from './act.svelte';
import { Advice, WhatIf } from './ahead-questions.svelte';
import { AddPeople } from './add-people.svelte';
import { AuditState } from './audit.svelte';
import { BackupState } from './backup.svelte';
import { BatchSending } from './batches.svelte';
import { CalibrationsState } from './calibration.svelte';
import { CallersState } from './callers.svelte';
import { CampaignTrend } from './campaign-trend.svelte';
import { DispositionState } from './disposition.svelte';
import type { Drafts } from './drafts';
import type { Files } from './files';
import type { FloorState } from './floor.svelte';
import { HandingState } from './handing.svelte';
import { HistoryRoomState } from './history-room.svelte';
import { ListExport } from './list-export.svelte';
import { type Chosen, type ManyKind, ManyState } from './many.svelte';
import { NoteSearch } from './note-search.svelte';
import type { PastState } from './past.svelte';
import { PersonState } from './person.svelte';
import { RecordingNameState } from './recording-name.svelte';
import { ReportsState } from './reports.svelte';
import { CardsState } from './review-cards.svelte';
import { ReviewListState } from './review-list.svelte';
import { SampleDraw } from './sample-draw.svelte';
import { ShiftReportState } from './shift-report.svelte';
import { TagBatch } from './tag-batch.svelte';
import type { SettingsState } from './settings.svelte';
import type { TagsState } from './tags.svelte';
import { ChatState } from './webhook.svelte';

export class Panels {
  constructor(
    private readonly host: Host,
    private readonly files: Files,
    private readonly drafts: Drafts,
    private readonly past: PastState,
    private readonly tags: TagsState,
    private readonly floor: FloorState,
    private readonly settings: SettingsState,
    /** Outlives the session. */
    readonly backup: () => BackupState,
  ) {}

  person = () => new PersonState(this.host, this.past);
  whatIf = () => new WhatIf(this.host);
  advice = () => new Advice(this.host);
  campaignTrend = () => new CampaignTrend(this.host, this.past);
  shiftReport = () => new ShiftReportState(this.host, this.files);
  callers = () => new CallersState(this.host);
  listExport = () => new ListExport(this.host);
  tagBatch = () => new TagBatch(this.host, this.files, this.tags);
  /** A batch begun from a list; it goes on at the program when the list is closed. */
  batch = () => new BatchSending(this.host);
  handing = () => new HandingState(this.host, this.files);
  sampleDraw = () => new SampleDraw(this.host);
  reviewList = () => new ReviewListState(this.host, this.files);
  reports = () => new ReportsState(this.host, this.files);
  cards = () => new CardsState(this.host, this.files, this.drafts);
  calibrations = () => new CalibrationsState(this.host, this.files);
  disposition = (call: Call) => new DispositionState(this.host, this.files, this.drafts, call);
  noteSearch = () => new NoteSearch(this.host);
  audit = () => new AuditState(this.host, this.files);
  addPeople = (campaign: string) => new AddPeople(this.host, this.floor, campaign);
  act = (kind: ActKind, target: Target, first: Values) =>
    new ActState(this.host, this.drafts, kind, target, first, (own) => void this.settings.change(own));
  many = (kind: ManyKind, callBack: boolean, rows: readonly Chosen[] | null) =>
    new ManyState(this.host, this.drafts, kind, callBack, rows, () => this.floor.campaigns);
  recordingName = () => new RecordingNameState(this.host);
  chat = () => new ChatState(this.host);
  historyRoom = () => new HistoryRoomState(this.host, this.past);
}
