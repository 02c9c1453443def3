using System.Buffers;
using UdsBroker.Client;

namespace UdsBroker.Cli.Output;

/// <summary>Standard output behind a buffer that is written out after each batch, so that many small messages become few writes.</summary>
internal sealed class MessageOutput(Stream stream, IMessageFormat format) : IDisposable
{
    private const int WriteAt = 1 << 16;
    private readonly ArrayBufferWriter<byte> _buffer = new(WriteAt * 2);

    /// <summary>Leave out everything but retained messages.</summary>
    internal bool OnlyRetained { get; init; }

    /// <summary>Writes the messages; false when there were none to write.</summary>
    internal bool Write(in MessageBatch batch)
    {
        var isAny = false;
        foreach (var message in batch)
        {
            if (OnlyRetained && !message.IsRetained) continue;
            isAny = true;
            format.Write(_buffer, message);
            if (_buffer.WrittenCount >= WriteAt) Flush();
        }

        Flush();
        return isAny;
    }

    public void Dispose() => stream.Dispose();

    private void Flush()
    {
        stream.Write(_buffer.WrittenSpan);
        _buffer.ResetWrittenCount();
    }
}
