/**
 * Something between the cursor and now is gone: kept no longer, or removed with the person it was about. The consumer
 * drops what it has made of these topics and begins anew; what is erased is then missing by itself.
 */
export class TooOld extends Error {
  constructor(topics: readonly string[]) {
    super(`what follows this cursor on ${topics.join(', ')} is no longer to be had: begin anew`);
    this.name = 'TooOld';
  }
}

/** Text that was never a cursor of these topics. */
export class NotACursor extends Error {
  constructor() {
    super('not a cursor of these topics');
    this.name = 'NotACursor';
  }
}

export class TopicsClosed extends Error {
  constructor() {
    super('the topics are closed');
    this.name = 'TopicsClosed';
  }
}
