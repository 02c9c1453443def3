using UdsBroker.Bench.Native;

namespace UdsBroker.Bench.Load;

/// <summary>A connection that sends one block over and over again.</summary>
/// <param name="link">Ready to publish.</param>
/// <param name="block">What to send.</param>
/// <param name="maxPacket">The largest piece that may be sent at once; then every piece is whole messages.</param>
internal sealed class Publisher(Link link, Block block, int maxPacket = int.MaxValue)
{
    /// <summary>More in one call gains nothing: it is about what a socket's buffer holds.</summary>
    private const int MaxPiece = 128 * 1024;

    private readonly int _maxPiece = Math.Max(MaxPiece, maxPacket == int.MaxValue ? 0 : block.PublishedLength);

    private int _position;

    internal int Descriptor => link.Descriptor;

    internal long SentBytes { get; private set; }

    internal bool IsAtFrameEnd(int frameLength) => _position % frameLength == 0;

    /// <summary>Sends what the kernel takes, up to the allowed bytes, or at least to the end of the message that was begun.</summary>
    internal bool Send(int allowed, int frameLength)
    {
        var toEnd = (frameLength - (_position % frameLength)) % frameLength;
        var most = Math.Min(block.Published.Length - _position, Math.Min(Math.Max(allowed, toEnd), _maxPiece));
        if (maxPacket != int.MaxValue && most >= frameLength) most = Math.Max(Math.Min(most, maxPacket) / frameLength, 1) * frameLength;
        else if (maxPacket != int.MaxValue) return false;
        if (most <= 0) return false;
        var sent = Posix.TrySend(Descriptor, block.Published.AsSpan(_position, most));
        SentBytes += sent;
        _position = (_position + sent) % block.Published.Length;
        return sent > 0;
    }

    /// <summary>Receives what the broker sends to the publisher: some brokers answer each message.</summary>
    internal void DiscardAnswers(Span<byte> buffer)
    {
        while (Posix.TryReceive(Descriptor, buffer) == buffer.Length)
        {
        }
    }
}
