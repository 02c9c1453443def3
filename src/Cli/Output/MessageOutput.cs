using System.Buffers;
using UdsBroker.Client;

namespace UdsBroker.Cli.Output;

/// <summary>Standard output behind a buffer that is written out after each batch, so that many small messages become few writes.</summary>
internal sealed class MessageOutput(Stream stream, IMessageFormat format) : IDisposable
{
    private const int WriteAt = 1 << 16;
    private readonly ArrayBufferWriter<byte> _buffer = new(WriteAt * 2);

    /// <summary>True after a write failed: the reader of the output has gone.</summary>
    internal bool IsClosed { get; private set; }

    internal void Write(in MessageBatch batch)
    {
        foreach (var message in batch)
        {
            format.Write(_buffer, message);
            if (_buffer.WrittenCount >= WriteAt) Flush();
        }

        Flush();
    }

    public void Dispose() => stream.Dispose();

    private void Flush()
    {
        try
        {
            stream.Write(_buffer.WrittenSpan);
            stream.Flush();
        }
        catch (IOException)
        {
            IsClosed = true;
            throw;
        }

        _buffer.ResetWrittenCount();
    }
}
