namespace UdsBroker.Bench.Wires;

/// <summary>
/// Counts the messages that a subscriber receives, by the piece that one system call returned and not message by message. When it knows
/// the expected bytes, it compares them as well; that is done in a round before the measurement.
/// </summary>
/// <param name="length">The bytes of each message.</param>
/// <param name="expected">The bytes of the messages, over and over again; null to count only.</param>
internal abstract class FrameCounter(int length, ReadOnlyMemory<byte>? expected)
{
    private long _bytes;

    /// <summary>Whole messages so far.</summary>
    internal long Messages => _bytes / Length;

    /// <summary>Bytes of messages so far.</summary>
    protected long Bytes => _bytes;

    /// <summary>The bytes of each message.</summary>
    protected int Length { get; } = length;

    /// <summary>Counts what was received.</summary>
    internal abstract void Feed(ReadOnlySpan<byte> received);

    /// <summary>Counts bytes that are known to belong to messages.</summary>
    /// <exception cref="InvalidDataException">The bytes are not those that were published.</exception>
    protected void Accept(ReadOnlySpan<byte> bytes)
    {
        if (expected is { } block) Compare(bytes, block.Span);
        _bytes += bytes.Length;
    }

    private void Compare(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> block)
    {
        var position = (int)(_bytes % block.Length);
        while (!bytes.IsEmpty)
        {
            var part = Math.Min(bytes.Length, block.Length - position);
            if (!bytes[..part].SequenceEqual(block.Slice(position, part)))
                throw new InvalidDataException($"message {Messages} is not the one that was published");
            bytes = bytes[part..];
            position = 0;
        }
    }
}
