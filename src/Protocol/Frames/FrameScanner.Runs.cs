namespace UdsBroker.Protocol;

/// <summary>
/// Runs: consecutive PUBLISH frames whose bytes up to the end of the subject are equal, so that one look-up of the subject routes all of
/// them. The step over a plain frame is a compare of those bytes and one load, 3 to 6 ns.
/// </summary>
public static partial class FrameScanner
{
    /// <summary>
    /// Extends a run by the whole frames that follow and belong to it: same array header, kind and subject, whatever reply and headers.
    /// </summary>
    /// <param name="bytes">Received bytes that start with the first frame of the run.</param>
    /// <param name="first">The head of that frame, a PUBLISH.</param>
    /// <param name="limits">The limits in force.</param>
    /// <param name="length">The bytes of the run so far, at least those of the first frame; on return including the frames added.</param>
    /// <param name="count">The frames of the run so far; likewise.</param>
    /// <param name="parts">The parts that <paramref name="first"/> or any of the frames added has.</param>
    /// <returns>
    /// Why the run ends. Done: the bytes end with the run, or what follows is not of this run; scan it. NeedMore: the frame that follows is
    /// not whole. Violation and TooBig: the next frame is bad, but the run before it is good; scan the frame to learn why.
    /// </returns>
    public static ScanResult ExtendRun(
        ReadOnlySpan<byte> bytes, in FrameHead first, Limits limits, ref int length, ref int count, out FrameParts parts)
    {
        ScanResult result = StepOver(bytes, first, limits, int.MaxValue, ref length, ref count, out parts);
        parts |= first.Parts;
        return result;
    }

    /// <summary>
    /// The length in bytes of the first <paramref name="frames"/> frames, which were scanned before and may belong to several runs.
    /// </summary>
    /// <exception cref="ArgumentException">There are fewer whole frames.</exception>
    public static int SkipFrames(ReadOnlySpan<byte> bytes, Limits limits, int frames)
    {
        int skipped = 0;
        int count = 0;
        while (count < frames)
        {
            ReadOnlySpan<byte> rest = bytes[skipped..];
            ScanResult result = Scan(rest, limits, out FrameHead head);
            if (result != ScanResult.Done)
                throw new ArgumentException($"there are {count} whole frames, not {frames}", nameof(bytes));
            int length = head.Length;
            count++;
            if (head.Kind == FrameKind.Publish)
                StepOver(rest, head, limits, frames, ref length, ref count, out _);
            skipped += length;
        }

        return skipped;
    }

    private static ScanResult StepOver(
        ReadOnlySpan<byte> bytes, in FrameHead first, Limits limits, int maxCount, ref int length, ref int count, out FrameParts parts)
    {
        parts = FrameParts.None;
        ReadOnlySpan<byte> prefix = bytes[..first.PrefixLength];
        bool maySkipScan = first.ElementCount == 5 && prefix.Length + MaxPlainTailBytes <= limits.MaxControlFrameBytes;
        int end = length;
        int frames = count;
        ScanResult result = ScanResult.Done;
        while (frames < maxCount)
        {
            ReadOnlySpan<byte> rest = bytes[end..];
            if (!rest.StartsWith(prefix))
            {
                result = !rest.IsEmpty && prefix.StartsWith(rest) ? ScanResult.NeedMore : ScanResult.Done;
                break;
            }

            if (maySkipScan && TryReadPlainTail(rest, prefix.Length, limits, out int payloadStart, out int payloadLength))
            {
                end += payloadStart + payloadLength;
            }
            else
            {
                result = Scan(rest, limits, out FrameHead head);
                if (result != ScanResult.Done)
                    break;
                end += head.Length;
                parts |= head.Parts;
            }

            frames++;
        }

        length = end;
        count = frames;
        return result;
    }
}
