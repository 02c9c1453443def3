using System.Text;
using UdsBroker.Cli.Input;

namespace UdsBroker.Cli.Tests;

/// <summary>Cutting an input into messages: the same messages however the input arrives.</summary>
public sealed class InputMessagesTests
{
    private const int Max = 4 << 20;

    private static readonly byte[] Text = Encoding.UTF8.GetBytes("one\n\ntwo\r\nthrée\nlast without end");

    public static TheoryData<int> ReadSizes => [.. Enumerable.Range(1, Text.Length)];

    [Theory]
    [MemberData(nameof(ReadSizes))]
    public async Task Lines_are_the_same_however_the_input_is_cut(int readSize)
    {
        var lines = await ReadAsync(InputMessages.LinesAsync(new SlowStream(Text, readSize), Max, TestContext.Current.CancellationToken));
        Assert.Equal(["one", "", "two\r", "thrée", "last without end"], lines);
    }

    [Theory]
    [MemberData(nameof(ReadSizes))]
    public async Task Chunks_are_the_same_however_the_input_is_cut(int readSize)
    {
        var chunks = new List<byte[]>();
        await foreach (var chunk in InputMessages.ChunksAsync(new SlowStream(Text, readSize), 10, Max, TestContext.Current.CancellationToken)) chunks.Add(chunk.ToArray());

        Assert.Equal(Text.Chunk(10), chunks);
    }

    [Fact]
    public async Task An_input_that_ends_with_a_line_feed_has_no_empty_last_line() =>
        Assert.Equal(["a", "b"], await ReadAsync(InputMessages.LinesAsync(new MemoryStream("a\nb\n"u8.ToArray()), Max, TestContext.Current.CancellationToken)));

    [Fact]
    public async Task A_line_longer_than_any_buffer_is_one_message()
    {
        var line = new string('x', 3 << 20);
        Assert.Equal([line, "y"], await ReadAsync(InputMessages.LinesAsync(new MemoryStream(Encoding.UTF8.GetBytes(line + "\ny")), Max, TestContext.Current.CancellationToken)));
    }

    [Fact]
    public async Task An_empty_input_has_no_lines_and_no_chunks_and_is_one_empty_message_as_a_whole()
    {
        Assert.Empty(await ReadAsync(InputMessages.LinesAsync(new MemoryStream(), Max, TestContext.Current.CancellationToken)));
        Assert.Empty(await ReadAsync(InputMessages.ChunksAsync(new MemoryStream(), 5, Max, TestContext.Current.CancellationToken)));
        Assert.Equal([""], await ReadAsync(InputMessages.WholeAsync(new MemoryStream(), Max, TestContext.Current.CancellationToken)));
    }

    [Fact]
    public async Task A_message_as_long_as_allowed_is_read_and_a_longer_one_fails_as_soon_as_it_is_and_before_the_input_ends()
    {
        var allowed = new string('x', 100);
        var token = TestContext.Current.CancellationToken;
        Func<Stream, IAsyncEnumerable<ReadOnlyMemory<byte>>>[] ways =
        [
            input => InputMessages.WholeAsync(input, 100, token),
            input => InputMessages.LinesAsync(input, 100, token),
            input => InputMessages.ChunksAsync(input, 200, 100, token),
        ];
        foreach (var way in ways)
        {
            Assert.Equal([allowed], await ReadAsync(way(new MemoryStream(Encoding.UTF8.GetBytes(allowed)))));
            var error = await Assert.ThrowsAsync<IOException>(() => ReadAsync(way(new EndlessStream())));
            Assert.Equal("the input has a message of more than 100 bytes; the broker takes no longer one", error.Message);
        }
    }

    private static async Task<List<string>> ReadAsync(IAsyncEnumerable<ReadOnlyMemory<byte>> messages)
    {
        var texts = new List<string>();
        await foreach (var message in messages) texts.Add(Encoding.UTF8.GetString(message.Span));
        return texts;
    }

    /// <summary>As /dev/zero.</summary>
    private sealed class EndlessStream : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.FromResult(buffer.Length);
    }

    /// <summary>Gives at most so many bytes with each read, as a pipe may.</summary>
    private sealed class SlowStream(byte[] content, int readSize) : MemoryStream(content)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, readSize)], cancellationToken);
    }
}
