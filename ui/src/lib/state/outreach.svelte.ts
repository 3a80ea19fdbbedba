// The room of reaching out: which of its pages is on show, and what each of them holds. It lives as long as the session, so
// that a file at hand and a batch under way are there still when somebody comes back.
import type { Host, SentKind } from '../host/host';
import { BaseUpload } from './base-upload.svelte';
import { UnfinishedBatches } from './batches.svelte';
import { BlacklistKnownState } from './blacklist-known.svelte';
import { SentList } from './sent-list.svelte';

export type OutreachPage =
  'calls' | 'messages' | 'blacklist' | 'unconfirmed' | 'unfinished' | `sent-${SentKind}` | 'sent';

export class OutreachState {
  page = $state<OutreachPage>('calls');
  readonly upload: BaseUpload;
  readonly sent: SentList;
  readonly blacklist: BlacklistKnownState;
  readonly unfinished: UnfinishedBatches;

  constructor(host: Host) {
    const onsent = () => void this.refresh();
    this.sent = new SentList(host);
    this.upload = new BaseUpload(host, onsent);
    this.blacklist = new BlacklistKnownState(host, onsent);
    this.unfinished = new UnfinishedBatches(host, () => {
      void this.sent.lines.refresh();
      void this.upload.sending.look();
      void this.blacklist.sending.look();
    });
  }

  /** Figures and lists as they are by now. */
  async refresh(): Promise<void> {
    await Promise.all([this.sent.lines.refresh(), this.blacklist.numbers.refresh(), this.unfinished.look()]);
  }

  async open(page: OutreachPage): Promise<void> {
    // A base under way stays on show until it is over.
    const other = page === 'calls' || page === 'messages';
    this.page = other && this.upload.sending.busy ? this.upload.kind : page;
    if (page === 'calls' || page === 'messages') await this.upload.turnTo(page);
    else if (page === 'unconfirmed') await this.sent.show(null, true);
    else if (page === 'sent') await this.sent.show(null, false);
    else if (page.startsWith('sent-')) await this.sent.show(page.slice(5) as SentKind, false);
    else if (page === 'unfinished') await this.unfinished.look();
  }
}
