using System.Buffers;
using UdsBroker.Client;

namespace UdsBroker.Cli.Output;

/// <summary>Standard output behind a buffer that is written out after each batch, so that many small messages become few writes. Several subscriptions may share it.</summary>
internal sealed class MessageOutput(Stream stream, IMessageFormat format) : IDisposable
{
    private const int WriteAt = 1 << 16;
    private readonly Lock _gate = new();
    private readonly ArrayBufferWriter<byte> _buffer = new(WriteAt * 2);

    /// <summary>Leave out everything but retained messages.</summary>
    internal bool OnlyRetained { get; init; }

    /// <summary>True while there was no message to write.</summary>
    internal bool IsEmpty { get; private set; } = true;

    /// <summary>Writes the messages.</summary>
    internal void Write(in MessageBatch batch)
    {
        lock (_gate)
        {
            foreach (var message in batch)
            {
                if (OnlyRetained && !message.IsRetained) continue;
                IsEmpty = false;
                format.Write(_buffer, message);
                if (_buffer.WrittenCount >= WriteAt) Flush();
            }

            Flush();
        }
    }

    public void Dispose() => stream.Dispose();

    private void Flush()
    {
        stream.Write(_buffer.WrittenSpan);
        _buffer.ResetWrittenCount();
    }
}
