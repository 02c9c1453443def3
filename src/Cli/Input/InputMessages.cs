using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace UdsBroker.Cli.Input;

/// <summary>The three ways of cutting an input into messages. What is yielded is valid until the next is asked for.</summary>
internal static class InputMessages
{
    private const byte LineFeed = (byte)'\n';

    /// <summary>Everything as one message.</summary>
    internal static async IAsyncEnumerable<ReadOnlyMemory<byte>> WholeAsync(Stream input, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return await ReadAllAsync(input, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The one message that everything is.</summary>
    internal static async Task<ReadOnlyMemory<byte>> ReadAllAsync(Stream input, CancellationToken cancellationToken)
    {
        using var all = new MemoryStream();
        await input.CopyToAsync(all, cancellationToken).ConfigureAwait(false);
        return all.GetBuffer().AsMemory(0, (int)all.Length);
    }

    /// <summary>One message for each line, without its line feed; a last line without one is a message too.</summary>
    internal static IAsyncEnumerable<ReadOnlyMemory<byte>> LinesAsync(Stream input, CancellationToken cancellationToken) =>
        CutAsync(input, TakeLine, cancellationToken);

    /// <summary>One message for each <paramref name="bytes"/>; the last one may be shorter.</summary>
    internal static IAsyncEnumerable<ReadOnlyMemory<byte>> ChunksAsync(Stream input, int bytes, CancellationToken cancellationToken) =>
        CutAsync(input, (ref ReadOnlySequence<byte> buffer, out ReadOnlySequence<byte> message) => TakeChunk(ref buffer, bytes, out message), cancellationToken);

    private delegate bool Take(ref ReadOnlySequence<byte> buffer, out ReadOnlySequence<byte> message);

    private static async IAsyncEnumerable<ReadOnlyMemory<byte>> CutAsync(
        Stream input, Take take, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reader = PipeReader.Create(input, new StreamPipeReaderOptions(bufferSize: 1 << 16, leaveOpen: true));
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

                reader.AdvanceTo(buffer.Start, buffer.End);
            }
        }
        finally
        {
            await reader.CompleteAsync().ConfigureAwait(false);
        }
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
