/** A type or version that this build does not know: quarantined by pipelines, refused by folds, never guessed. */
export class UnknownEvent extends Error {
  constructor(type: string, version: number) {
    super(`event type ${type} version ${version} is not known here`);
    this.name = 'UnknownEvent';
  }
}

/** An event whose fields are not those of its table: it is not written, since a field nobody listed might be personal. */
export class UnlistedField extends Error {
  constructor(type: string, field: string) {
    super(`event type ${type}: field ${field} is not in its table`);
    this.name = 'UnlistedField';
  }
}

/** A record that does not have the form that this codec writes. */
export class RecordMalformed extends Error {
  constructor(type: string, what: string) {
    super(`record of type ${type} is malformed: ${what}`);
    this.name = 'RecordMalformed';
  }
}
