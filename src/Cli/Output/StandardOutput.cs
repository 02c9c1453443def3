using Microsoft.Win32.SafeHandles;

namespace UdsBroker.Cli.Output;

/// <summary>
/// Standard output that reports every failure. The stream of <see cref="Console"/> ignores writes to a pipe without a reader, so that a
/// subscriber piped into head(1) would go on and swallow messages; a pipe or a socket is therefore written by its handle. A file is not,
/// because a handle would keep a file position of its own, beside those of other programs of a script that write to the same file.
/// </summary>
internal sealed class StandardOutput : Stream
{
    private const int Descriptor = 1;
    private readonly Stream _inner = Open();

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <exception cref="OutputException">It could not be written.</exception>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        try
        {
            _inner.Write(buffer);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new OutputException(error);
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
        // Nothing is held back.
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private static Stream Open()
    {
        if (!Console.IsOutputRedirected) return Console.OpenStandardOutput();
        var stream = new FileStream(new SafeFileHandle(Descriptor, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        return stream.CanSeek ? Console.OpenStandardOutput() : stream;
    }
}
