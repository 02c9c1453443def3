using UdsBroker.Protocol;

namespace UdsBroker.Broker.Sessions;

/// <summary>Where to cut a run between two messages. The frames were scanned when they arrived, so every scan here succeeds.</summary>
internal static class FrameCut
{
    /// <summary>The length of the fewest first messages that make at least <paramref name="bytes"/>, and their number.</summary>
    internal static int AtLeast(ReadOnlySpan<byte> run, int bytes, Limits limits, out uint messages)
    {
        var length = 0;
        messages = 0;
        while (length < bytes && length < run.Length)
        {
            length += NextFrame(run[length..], limits);
            messages++;
        }

        return length;
    }

    /// <summary>The length of the most first messages that fit into <paramref name="bytes"/>, and their number.</summary>
    internal static int AtMost(ReadOnlySpan<byte> run, long bytes, Limits limits, out uint messages)
    {
        var length = 0;
        messages = 0;
        while (length < run.Length)
        {
            var frame = NextFrame(run[length..], limits);
            if (length + frame > bytes) break;
            length += frame;
            messages++;
        }

        return length;
    }

    /// <summary>The length of the first <paramref name="messages"/> messages.</summary>
    internal static int Of(in Run run, uint messages, Limits limits) =>
        messages == run.Count ? run.Length : FrameScanner.SkipFrames(run.Bytes, limits, (int)messages);

    private static int NextFrame(ReadOnlySpan<byte> bytes, Limits limits)
    {
        var result = FrameScanner.Scan(bytes, limits, out var head);
        return result == ScanResult.Done ? head.Length : throw new InvalidOperationException($"A routed run holds a frame that scans as {result}.");
    }
}
