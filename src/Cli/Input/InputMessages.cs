using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using UdsBroker.Client;
using UdsBroker.Protocol;

namespace UdsBroker.Cli.Input;

/// <summary>
/// The three ways of cutting an input into messages. What is yielded is valid until the next is asked for. An input without an end, or a line without
/// one, fails as soon as it is longer than any message may be, and is not collected in memory until that is full.
/// </summary>
internal static class InputMessages
{
    private const byte LineFeed = (byte)'\n';
    private const int BufferBytes = 1 << 16;

    /// <summary>The longest payload that the client's broker takes; of a broker that has not said so, the longest that any takes.</summary>
    internal static int LongestFor(UdsBrokerClient client) => (client.Server?.Limits ?? Limits.Ceiling).MaxPayloadBytes;

    /// <summary>Everything as one message of at most <paramref name="max"/> bytes.</summary>
    internal static async IAsyncEnumerable<ReadOnlyMemory<byte>> WholeAsync(Stream input, int max, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return await ReadAllAsync(input, max, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The one message that everything is.</summary>
    /// <exception cref="IOException">It is longer than <paramref name="max"/> bytes.</exception>
    internal static async Task<ReadOnlyMemory<byte>> ReadAllAsync(Stream input, int max, CancellationToken cancellationToken)
    {
        using var all = new MemoryStream();
        var buffer = new byte[BufferBytes];
        while (await input.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is > 0 and var count)
        {
            all.Write(buffer, 0, count);
            CheckLength(all.Length, max);
        }

        return all.GetBuffer().AsMemory(0, (int)all.Length);
    }

    /// <summary>One message for each line, without its line feed; a last line without one is a message too.</summary>
    internal static IAsyncEnumerable<ReadOnlyMemory<byte>> LinesAsync(Stream input, int max, CancellationToken cancellationToken) =>
        CutAsync(input, max, TakeLine, cancellationToken);

    /// <summary>One message for each <paramref name="bytes"/>; the last one may be shorter.</summary>
    internal static IAsyncEnumerable<ReadOnlyMemory<byte>> ChunksAsync(Stream input, int bytes, int max, CancellationToken cancellationToken) =>
        CutAsync(input, max, (ref ReadOnlySequence<byte> buffer, out ReadOnlySequence<byte> message) => TakeChunk(ref buffer, bytes, out message), cancellationToken);

    private delegate bool Take(ref ReadOnlySequence<byte> buffer, out ReadOnlySequence<byte> message);

    private static async IAsyncEnumerable<ReadOnlyMemory<byte>> CutAsync(
        Stream input, int max, Take take, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reader = PipeReader.Create(input, new StreamPipeReaderOptions(bufferSize: BufferBytes, leaveOpen: true));
        try
        {
            while (true)
            {
                var result = await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
                var buffer = result.Buffer;
                while (take(ref buffer, out var message)) yield return Contiguous(message);
                if (result.IsCompleted)
                {
                    if (!buffer.IsEmpty) yield return Contiguous(buffer);
                    yield break;
                }

                CheckLength(buffer.Length, max);
                reader.AdvanceTo(buffer.Start, buffer.End);
            }
        }
        finally
        {
            await reader.CompleteAsync().ConfigureAwait(false);
        }
    }

    private static void CheckLength(long bytes, int max)
    {
        if (bytes > max) throw new IOException($"the input has a message of more than {max} bytes; the broker takes no longer one");
    }

    private static bool TakeLine(ref ReadOnlySequence<byte> buffer, out ReadOnlySequence<byte> message)
    {
        message = default;
        if (buffer.PositionOf(LineFeed) is not { } end) return false;
        message = buffer.Slice(0, end);
        buffer = buffer.Slice(buffer.GetPosition(1, end));
        return true;
    }

    private static bool TakeChunk(ref ReadOnlySequence<byte> buffer, int bytes, out ReadOnlySequence<byte> message)
    {
        message = default;
        if (buffer.Length < bytes) return false;
        message = buffer.Slice(0, bytes);
        buffer = buffer.Slice(bytes);
        return true;
    }

    private static ReadOnlyMemory<byte> Contiguous(in ReadOnlySequence<byte> message) => message.IsSingleSegment ? message.First : message.ToArray();
}
