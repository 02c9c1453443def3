using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using UdsBroker.Broker.Diagnostics;

namespace UdsBroker.Broker.Tests.Diagnostics;

/// <summary>A log line is one line, whatever a peer managed to put into it.</summary>
public class LineFormatterTests
{
    [Fact]
    public void An_event_is_one_line_with_time_level_id_and_message() =>
        Assert.Equal("2026-01-02T03:04:05.006Z warning 103 full\n", Format(LogLevel.Warning, 103, "full", null));

    [Fact]
    public void Control_characters_are_shown_and_not_sent() =>
        Assert.Equal(
            "2026-01-02T03:04:05.006Z error 1 a\\nb\\r\\u001b[31m\\tc\\u0085\\u2028é\n", Format(LogLevel.Error, 1, "a\nb\r\u001b[31m\tc\u0085\u2028é", null));

    [Fact]
    public void An_exception_is_on_the_same_line()
    {
        var line = Format(LogLevel.Error, 120, "fault in x", new InvalidOperationException("one\ntwo"));

        Assert.Equal("2026-01-02T03:04:05.006Z error 120 fault in x: System.InvalidOperationException: one\\ntwo\n", line);
    }

    [Theory]
    [InlineData(LogLevel.Trace, "trace")]
    [InlineData(LogLevel.Debug, "debug")]
    [InlineData(LogLevel.Information, "information")]
    [InlineData(LogLevel.Critical, "critical")]
    public void A_level_is_the_word_that_settings_have_for_it(LogLevel level, string word) =>
        Assert.Equal($"2026-01-02T03:04:05.006Z {word} 1 said\n", Format(level, 1, "said", null));

    private static string Format(LogLevel level, int id, string message, Exception? exception)
    {
        var output = new StringWriter { NewLine = "\n" };
        new LineFormatter(new ClockOfTest()).Write(
            new LogEntry<string>(level, "c", new EventId(id), message, exception, (state, _) => state), null, output);
        return output.ToString();
    }

    private sealed class ClockOfTest : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 1, 2, 3, 4, 5, 6, TimeSpan.Zero);
    }
}
