namespace UdsBroker.Cli.Input;

/// <summary>
/// Standard input, or a file that may be a pipe, with reads that can be cancelled. The kernel's read itself cannot be cancelled; it is
/// abandoned with a buffer of its own, since the caller's buffer may be reused by then.
/// </summary>
internal sealed class InterruptibleInput : Stream
{
    private readonly byte[] _read = new byte[1 << 16];
    private readonly Stream _inner;

    internal InterruptibleInput(Stream inner) => _inner = inner;

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
    internal static async Task<InterruptibleInput> OpenAsync(string? file, CancellationToken cancellationToken) => new(file is null
        ? Console.OpenStandardInput()
        : await Task.Run(() => File.OpenRead(file), CancellationToken.None).WaitAsync(cancellationToken).ConfigureAwait(false));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var max = Math.Min(buffer.Length, _read.Length);
        var count = await _inner.ReadAsync(_read.AsMemory(0, max), CancellationToken.None).AsTask().WaitAsync(cancellationToken).ConfigureAwait(false);
        _read.AsMemory(0, count).CopyTo(buffer);
        return count;
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
