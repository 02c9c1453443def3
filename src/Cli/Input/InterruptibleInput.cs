namespace UdsBroker.Cli.Input;

/// <summary>
/// Standard input, or a file that may be a pipe, with reads that can be cancelled. The kernel's read itself cannot be cancelled; it is
/// abandoned with a buffer of its own, since the caller's buffer may be reused by then.
/// </summary>
internal sealed class InterruptibleInput : Stream
{
    private readonly byte[] _read = new byte[1 << 16];
    private readonly Stream _inner;
    private readonly string _name;

    private InterruptibleInput(Stream inner, string name) => (_inner, _name) = (inner, name);

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Opens a file, or standard input for null. Opening a pipe waits for its writer, and can be cancelled as well.</summary>
    internal static async Task<InterruptibleInput> OpenAsync(string? file, CancellationToken cancellationToken) => file is null
        ? new(Console.OpenStandardInput(), "standard input")
        : new(await Task.Run(() => File.OpenRead(file), CancellationToken.None).WaitAsync(cancellationToken).ConfigureAwait(false), file);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var max = Math.Min(buffer.Length, _read.Length);
        try
        {
            var count = await _inner.ReadAsync(_read.AsMemory(0, max), CancellationToken.None).AsTask().WaitAsync(cancellationToken).ConfigureAwait(false);
            _read.AsMemory(0, count).CopyTo(buffer);
            return count;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"{_name} cannot be read: {error.Message}", error); // the kernel's own words do not say what
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) _inner.Dispose();
        base.Dispose(disposing);
    }
}
