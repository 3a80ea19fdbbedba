// What needs an eye or a hand: an alert of the floor, or a finished review somebody should look at.
import type { Alert, ReviewAlert, Severity } from './host/host';

export type Incident = Alert | ReviewAlert;

export const isReview = (one: Incident): one is ReviewAlert => 'review' in one;

/** Tells it from every other one. */
export const keyOf = (one: Incident): string => (isReview(one) ? `review ${one.review}` : `${one.id}`);

/** A fatal question is a hand now, a low score an eye. */
export const severityOf = (one: Incident): Severity =>
  isReview(one) ? (one.fatal ? 'bad' : 'warn') : one.severity;

/** Since when it is so, epoch milliseconds. */
export const sinceOf = (one: Incident): number => (isReview(one) ? one.raisedMs : one.sinceMs);

/** Whether somebody may still see to it: a review stays one's to see to, a figure may be well again. */
export const underWay = (one: Incident): boolean => isReview(one) || one.resolvedMs === null;

/** Whether there is a place to go to: a silent server has none. */
export const opens = (one: Incident): boolean => isReview(one) || one.campaign !== null || one.agent !== null;
