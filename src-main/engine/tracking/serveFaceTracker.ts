import type { Port } from '#common/contract/port';
import { toWire } from '#common/contract/wire';
import type { FaceObservation, FaceTracker, VideoFaceTracker } from '#common/tracking/faceObservation';
import type { TrackerRequest, TrackerResponse } from '#common/tracking/trackerMessages';

/** Videos kept at once; a dropped one that comes back only has to search its face again. */
const LARGEST_VIDEO_COUNT = 16;

interface Answer {
  readonly result: Extract<TrackerResponse, { result: unknown }>['result'];
  readonly transfer: readonly ArrayBuffer[];
}

/** Answers tracker calls that come over a port; results are transferred. Returns a function that ends the service. */
export function serveFaceTracker(port: Port, tracker: FaceTracker): () => void {
  const videos = new Map<number, VideoFaceTracker>();

  const videoFor = (videoId: number): VideoFaceTracker => {
    const video = videos.get(videoId) ?? tracker.startVideo();
    videos.delete(videoId);
    videos.set(videoId, video);
    const [oldest] = videos.keys();
    if (videos.size > LARGEST_VIDEO_COUNT && oldest !== undefined) videos.delete(oldest);
    return video;
  };

  const answer = async (request: TrackerRequest): Promise<Answer> => {
    switch (request.method) {
      case 'observe': {
        const result = await tracker.observe(request.image, request.options);
        return { result, transfer: result.flatMap(buffersOf) };
      }
      case 'observeManual': {
        const result = await tracker.observeManual(request.image, request.points);
        return { result, transfer: buffersOf(result) };
      }
      case 'matte': {
        const result = await tracker.matte(request.image);
        return { result, transfer: [result.data.buffer as ArrayBuffer] };
      }
      case 'videoNext': {
        const result = await videoFor(request.videoId).next(request.image, request.timeSeconds);
        // The tracker looks for the face where it was, so it keeps its own copy of what it found.
        return { result, transfer: [] };
      }
    }
  };

  return port.onMessage((message) => {
    const request = message as TrackerRequest;
    if (request.kind !== 'tracker') return;
    const { id } = request;
    answer(request).then(
      ({ result, transfer }) =>
        port.post({ kind: 'tracker', id, result } satisfies TrackerResponse, transfer),
      (error: unknown) => port.post({ kind: 'tracker', id, error: toWire(error) } satisfies TrackerResponse),
    );
  });
}

function buffersOf(observation: FaceObservation): ArrayBuffer[] {
  return [observation.landmarks.buffer as ArrayBuffer, observation.headRotation.buffer as ArrayBuffer];
}
