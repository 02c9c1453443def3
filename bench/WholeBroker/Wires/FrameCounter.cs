namespace UdsBroker.Bench.Wires;

/// <summary>
/// Counts the messages in what a subscriber receives, by the piece that one system call brought and not message by message. When it
/// knows what the bytes have to be, it compares them, too; that is done in a round before the clock starts.
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

    /// <summary>Takes in what was received.</summary>
    internal abstract void Feed(ReadOnlySpan<byte> received);

    /// <summary>Takes in bytes that are known to be those of messages.</summary>
    /// <exception cref="InvalidDataException">They are not what was published.</exception>
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
