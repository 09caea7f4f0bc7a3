const ENTITY = /^[a-z][a-z0-9+.-]{0,31}:\/\/[A-Za-z0-9._~%!'()*-]+(\/[A-Za-z0-9._~%!'()*-]+)*$/;
const MAX_ENTITY = 1_024;

/** Whether it is a URI as `entityUri()` makes them; anything else can not name what a record is about. */
export function isEntity(entity: string): boolean {
  return entity.length <= MAX_ENTITY && ENTITY.test(entity);
}
