using System.Text;
using UdsBroker.Cli.Input;

namespace UdsBroker.Cli.Tests;

/// <summary>Cutting an input into messages: the same messages however the input arrives.</summary>
public sealed class InputMessagesTests
{
    private static readonly byte[] Text = Encoding.UTF8.GetBytes("one\n\ntwo\r\nthrée\nlast without end");

    public static TheoryData<int> ReadSizes => [.. Enumerable.Range(1, Text.Length)];

    [Theory]
    [MemberData(nameof(ReadSizes))]
    public async Task Lines_are_the_same_however_the_input_is_cut(int readSize)
    {
        var lines = await ReadAsync(InputMessages.LinesAsync(new SlowStream(Text, readSize), TestContext.Current.CancellationToken));
        Assert.Equal(["one", "", "two\r", "thrée", "last without end"], lines);
    }

    [Theory]
    [MemberData(nameof(ReadSizes))]
    public async Task Chunks_are_the_same_however_the_input_is_cut(int readSize)
    {
        var chunks = new List<byte[]>();
        await foreach (var chunk in InputMessages.ChunksAsync(new SlowStream(Text, readSize), 10, TestContext.Current.CancellationToken)) chunks.Add(chunk.ToArray());

        Assert.Equal(Text.Chunk(10), chunks);
    }

    [Fact]
    public async Task An_input_that_ends_with_a_line_feed_has_no_empty_last_line() =>
        Assert.Equal(["a", "b"], await ReadAsync(InputMessages.LinesAsync(new MemoryStream("a\nb\n"u8.ToArray()), TestContext.Current.CancellationToken)));

    [Fact]
    public async Task A_line_longer_than_any_buffer_is_one_message()
    {
        var line = new string('x', 3 << 20);
        Assert.Equal([line, "y"], await ReadAsync(InputMessages.LinesAsync(new MemoryStream(Encoding.UTF8.GetBytes(line + "\ny")), TestContext.Current.CancellationToken)));
    }

    [Fact]
    public async Task An_empty_input_has_no_lines_and_no_chunks_and_is_one_empty_message_as_a_whole()
    {
        Assert.Empty(await ReadAsync(InputMessages.LinesAsync(new MemoryStream(), TestContext.Current.CancellationToken)));
        Assert.Empty(await ReadAsync(InputMessages.ChunksAsync(new MemoryStream(), 5, TestContext.Current.CancellationToken)));
        Assert.Equal([""], await ReadAsync(InputMessages.WholeAsync(new MemoryStream(), TestContext.Current.CancellationToken)));
    }

    private static async Task<List<string>> ReadAsync(IAsyncEnumerable<ReadOnlyMemory<byte>> messages)
    {
        var texts = new List<string>();
        await foreach (var message in messages) texts.Add(Encoding.UTF8.GetString(message.Span));
        return texts;
    }

    /// <summary>Gives at most so many bytes with each read, as a pipe may.</summary>
    private sealed class SlowStream(byte[] content, int readSize) : MemoryStream(content)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, readSize)], cancellationToken);
    }
}
