using UdsBroker.Protocol;

namespace UdsBroker.Broker.Delivery;

/// <summary>
/// Finds where to split a run between two messages. The frames were scanned when they arrived, so every scan here succeeds.
/// </summary>
internal static class FrameCut
{
    /// <summary>The length and number of the shortest prefix that has at least this many bytes and messages.</summary>
    internal static int AtLeast(ReadOnlySpan<byte> run, long bytes, long messages, Limits limits, out uint count)
    {
        var length = 0;
        count = 0;
        while ((length < bytes || count < messages) && length < run.Length)
        {
            length += Head(run[length..], limits).Length;
            count++;
        }

        return length;
    }

    /// <summary>The length and number of the longest prefix that has at most this many bytes and messages.</summary>
    internal static int AtMost(ReadOnlySpan<byte> run, long bytes, long messages, Limits limits, out uint count)
    {
        var length = 0;
        count = 0;
        while (count < messages && length < run.Length)
        {
            var frame = Head(run[length..], limits).Length;
            if (length + frame > bytes) break;
            length += frame;
            count++;
        }

        return length;
    }

    /// <summary>The length of the first <paramref name="messages"/> messages.</summary>
    internal static int LengthOfFirst(in Run run, uint messages, Limits limits) =>
        messages == run.Count ? run.Length : FrameScanner.SkipFrames(run.Bytes, limits, (int)messages);

    /// <summary>The first message.</summary>
    internal static FrameHead Head(ReadOnlySpan<byte> bytes, Limits limits)
    {
        var result = FrameScanner.Scan(bytes, limits, out var head);
        return result == ScanResult.Done ? head : throw new InvalidOperationException($"A routed run holds a frame that scans as {result}.");
    }
}
