using UdsBroker.Protocol;

namespace UdsBroker.Broker.Sessions;

/// <summary>Consecutive control frames of one connection, copied out of the receive buffer, on their way to its session.</summary>
internal sealed class ControlFrames
{
    private readonly List<(FrameKind Kind, byte[] Bytes)> _frames = [];

    /// <summary>The most frames of a batch, so that a flood of control frames does not become one huge step.</summary>
    internal const int MaxFrames = 256;

    internal int Count => _frames.Count;

    internal IReadOnlyList<(FrameKind Kind, byte[] Bytes)> Frames => _frames;

    internal void Add(FrameKind kind, ReadOnlySpan<byte> frame) => _frames.Add((kind, frame.ToArray()));
}
