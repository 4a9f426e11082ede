/** Another has moved this source meanwhile (a second projector, or a rebuilt view swapped in): read the progress again. */
export class ViewMoved extends Error {
  constructor() {
    super('the view stands elsewhere by now');
    this.name = 'ViewMoved';
  }
}

/** A limit, page or span that no view answers. */
export class InvalidQuery extends Error {
  constructor(what: string) {
    super(`not a query of this view: ${what}`);
    this.name = 'InvalidQuery';
  }
}

export class RebuildRunning extends Error {
  constructor() {
    super('a rebuild is running already');
    this.name = 'RebuildRunning';
  }
}

export class ViewClosed extends Error {
  constructor() {
    super('the views are closed');
    this.name = 'ViewClosed';
  }
}

/** A row is not what was written. It is never served; the views are dropped and built anew. */
export class ViewDamaged extends Error {
  constructor(what: string) {
    super(`a view is damaged: ${what}`);
    this.name = 'ViewDamaged';
  }
}
