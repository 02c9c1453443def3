namespace UdsBroker.Bench.Wires;

/// <summary>
/// Counts messages that follow each other directly, all of one length. What may stand between two of them, such as a PING, is found by
/// checking the first byte of the last message of a piece: it is in the wrong place then.
/// </summary>
internal sealed class FixedFrameCounter : FrameCounter
{
    private readonly byte _first;
    private readonly byte[] _between;
    private int _skip;

    /// <param name="length">The bytes of each message.</param>
    /// <param name="first">The first byte of each message.</param>
    /// <param name="between">What may stand between two messages; it begins with another byte, which no message has at its end.</param>
    /// <param name="expected">The bytes that the messages must have.</param>
    internal FixedFrameCounter(int length, byte first, ReadOnlySpan<byte> between, ReadOnlyMemory<byte>? expected)
        : base(length, expected)
    {
        _first = first;
        _between = between.ToArray();
    }

    internal override void Feed(ReadOnlySpan<byte> received)
    {
        var skip = Math.Min(_skip, received.Length);
        _skip -= skip;
        received = received[skip..];
        if (_between.Length == 0 || IsInPlace(received)) Accept(received);
        else Walk(received);
    }

    private bool IsInPlace(ReadOnlySpan<byte> received)
    {
        var toStart = (int)((Length - (Bytes % Length)) % Length);
        if (toStart >= received.Length) return true;
        return received[toStart + ((received.Length - 1 - toStart) / Length * Length)] == _first;
    }

    private void Walk(ReadOnlySpan<byte> received)
    {
        while (!received.IsEmpty)
        {
            var toStart = (int)((Length - (Bytes % Length)) % Length);
            if (toStart > 0)
            {
                toStart = Math.Min(toStart, received.Length);
                Accept(received[..toStart]);
                received = received[toStart..];
            }
            else if (received[0] == _first)
            {
                Accept(received[..1]);
                received = received[1..];
            }
            else if (received[0] == _between[0])
            {
                _skip = Math.Max(0, _between.Length - received.Length);
                received = received[Math.Min(_between.Length, received.Length)..];
            }
            else throw new InvalidDataException($"a message begins with byte {received[0]:X2}, not {_first:X2}");
        }
    }
}
