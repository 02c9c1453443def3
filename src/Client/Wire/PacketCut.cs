using UdsBroker.Protocol;

namespace UdsBroker.Client;

/// <summary>Splits encoded frames into packets, each with as many whole frames as fit (PROTOCOL.md, section 1).</summary>
internal static class PacketCut
{
    /// <summary>The length of the first packet. A single frame that does not fit is returned as it is, for the kernel or the broker to refuse.</summary>
    /// <param name="frames">Whole frames of this client's own writing.</param>
    /// <param name="maxPacket">The maximum number of bytes in a packet.</param>
    public static int Length(ReadOnlySpan<byte> frames, int maxPacket)
    {
        if (frames.Length <= maxPacket) return frames.Length;
        ReadOnlySpan<byte> packet = frames[..maxPacket];
        int length = 0;
        while (FrameScanner.Scan(packet[length..], Limits.Ceiling, out FrameHead head) == ScanResult.Done)
        {
            int run = head.Length, count = 1;
            if (head.Kind == FrameKind.Publish) FrameScanner.ExtendRun(packet[length..], head, Limits.Ceiling, ref run, ref count, out _);
            length += run;
        }

        if (length > 0) return length;
        FrameScanner.Scan(frames, Limits.Ceiling, out FrameHead large);
        return large.Length;
    }
}
