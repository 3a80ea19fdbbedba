// Where somebody is, for the help that stands beside it: the nearest place first, and which words of the trade are met there.
import type { SignedIn } from './state/signed-in.svelte';
import type { TextKey } from './state/i18n.svelte';
import type { TermId } from './terms';

interface Told {
  title: TextKey;
  words: TermId[];
}

export const PLACES = {
  signIn: { title: 'signin_go', words: [] },
  floor: {
    title: 'nav_floor',
    words: ['waiting', 'longestWait', 'available', 'onCall', 'paused', 'wrapUp', 'serviceLevel', 'abandoned'],
  },
  campaign: {
    title: 'col_campaign',
    words: [
      'serviceLevel',
      'threshold',
      'shortAbandon',
      'abandoned',
      'onHold',
      'wrapUp',
      'recent',
      'members',
    ],
  },
  person: { title: 'col_agent', words: ['occupancy', 'ringNoAnswer', 'wrapUp', 'onHold'] },
  alerts: { title: 'alerts', words: ['longestWait', 'serviceLevel', 'abandoned', 'wrapUp'] },
  past: { title: 'past_title', words: [] },
  report: { title: 'past_report', words: ['serviceLevel', 'abandoned', 'occupancy', 'wrapUp'] },
  calls: {
    title: 'nav_calls',
    words: ['answered', 'abandoned', 'leg', 'disposition', 'rating', 'hangUpCause'],
  },
  player: { title: 'player_title', words: [] },
  review: { title: 'review_room', words: ['score', 'fatal', 'calibration', 'disposition'] },
  outreach: { title: 'out_room', words: [] },
  settings: { title: 'nav_settings', words: ['threshold', 'serviceLevel', 'penalty'] },
} as const satisfies Record<string, Told>;

export type Place = keyof typeof PLACES;

/** The place somebody is at. */
export function placeOf(signedIn: SignedIn | null): Place {
  if (!signedIn) return 'signIn';
  if (signedIn.alerts.open) return 'alerts';
  if (signedIn.view !== 'floor') return signedIn.view;
  if (signedIn.past.reporting) return 'report';
  if (signedIn.floor.person !== null) return 'person';
  if (signedIn.floor.selectedCampaign) return 'campaign';
  return signedIn.past.at === null ? 'floor' : 'past';
}
