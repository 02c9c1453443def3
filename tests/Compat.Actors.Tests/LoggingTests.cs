using Akka.Actor;
using Akka.Dispatch;
using Akka.Event;

namespace UdsBroker.Compat.Actors.Tests;

public sealed class LoggingTests
{
    [Fact]
    public async Task A_configured_logger_gets_the_events_of_the_level_and_above()
    {
        var (test, lines) = await Logged("INFO");
        await using var _ = test;
        var log = Logging.GetLogger(test.System, "here");
        Assert.False(log.IsDebugEnabled);
        Assert.True(log.IsInfoEnabled);
        log.Debug("unseen");
        log.Info("told {0} and {1}", 1, "two");
        log.Warning(new Boom("w"), "warned {0}", 3);
        log.Error(new Boom("e"), "failed");
        Assert.Equal("INFO here (akka://test) told 1 and two ", await lines.NextOf("here"));
        Assert.Equal("WARNING here (akka://test) warned 3 w", await lines.NextOf("here"));
        Assert.Equal("ERROR here (akka://test) failed e", await lines.NextOf("here"));
    }

    [Fact]
    public async Task A_format_that_does_not_fit_its_arguments_is_logged_as_it_is()
    {
        var (test, lines) = await Logged("INFO");
        await using var _ = test;
        var log = Logging.GetLogger(test.System, "here");
        log.Warning("bad {0} {1}", 1);
        log.Warning("after");
        Assert.Equal(
            "WARNING here (akka://test) [INVALID LOG FORMAT] str=[bad {0} {1}], args=[1]. Please fix the format string in the logging call site. ",
            await lines.NextOf("here"));
        Assert.Equal("WARNING here (akka://test) after ", await lines.NextOf("here"));
    }

    [Fact]
    public async Task A_logger_of_an_actor_names_its_path()
    {
        var (test, lines) = await Logged("DEBUG");
        await using var _ = test;
        var actor = test.Run((context, message) => context.GetLogger().Debug("got {0}", message), "speaker");
        actor.Tell("this");
        Assert.Equal("DEBUG akka://test/user/speaker got this ", await lines.NextOf("speaker"));
    }

    [Fact]
    public async Task The_level_can_be_changed_for_adapters_that_are_made_afterwards()
    {
        var (test, lines) = await Logged("ERROR");
        await using var _ = test;
        Logging.GetLogger(test.System, "here").Info("unseen");
        test.System.EventStream.SetLogLevel(LogLevel.InfoLevel);
        Logging.GetLogger(test.System, "here").Info("seen");
        Assert.Equal("INFO here (akka://test) seen ", await lines.NextOf("here"));
    }

    [Fact]
    public void A_log_event_reads_as_level_time_thread_source_and_message()
    {
        var text = new Warning(new Boom("cause"), "source", typeof(LoggingTests), "message").ToString();
        Assert.Matches(@"^\[WARNING\]\[\d\d/\d\d/\d{4} \d\d:\d\d:\d\d\.\d{3}Z\]\[Thread \d{4}\]\[source\] message\s+Cause: .*cause", text);
    }

    [Fact]
    public void Levels_have_names_and_event_types()
    {
        Assert.Equal(LogLevel.WarningLevel, Logging.LogLevelFor("warning"));
        Assert.Equal("WARNING", LogLevel.WarningLevel.StringFor());
        Assert.Equal(typeof(Error), LogLevel.ErrorLevel.ClassFor());
        Assert.Equal(LogLevel.DebugLevel, Logging.LogLevelFor<Debug>());
        Assert.Throws<ArgumentException>(() => Logging.LogLevelFor("loud"));
    }

    [Fact]
    public async Task Lifecycle_events_are_logged_when_asked_for()
    {
        await using var test = new TestSystem("akka.loglevel = DEBUG, akka.loggers = [], akka.actor.debug.lifecycle = on");
        var log = test.CreateProbe();
        test.System.EventStream.Subscribe(log.Ref, typeof(Debug));
        var actor = test.Run((_, _) => { }, "watched-life");
        test.System.Stop(actor);
        var seen = new List<string>();
        while (!seen.Contains("Stopped"))
        {
            var debug = await log.Next<Debug>();
            if (debug.LogSource.EndsWith("watched-life", StringComparison.Ordinal)) seen.Add(debug.Message.ToString()!);
        }

        Assert.Contains(seen, line => line.StartsWith("Started", StringComparison.Ordinal));
    }

    private static async Task<(TestSystem Test, Lines Lines)> Logged(string level)
    {
        var name = Guid.NewGuid().ToString("N");
        var lines = Lines.ByName[name] = new Lines();
        var test = new TestSystem($"""
            akka.loglevel = {level}
            akka.loggers = ["{typeof(LineLogger).AssemblyQualifiedName}"]
            lines = "{name}"
            """);
        // The logger answers before it is subscribed, so the test begins when the first line has come through.
        var log = Logging.GetLogger(test.System, "start");
        do log.Error("is it on?");
        while (!await lines.TryNextOf("start", TimeSpan.FromMilliseconds(20)));
        return (test, lines);
    }

    private sealed class Lines
    {
        public static readonly System.Collections.Concurrent.ConcurrentDictionary<string, Lines> ByName = new();

        private readonly System.Threading.Channels.Channel<string> _lines = System.Threading.Channels.Channel.CreateUnbounded<string>();

        public void Add(string line) => _lines.Writer.TryWrite(line);

        public async Task<bool> TryNextOf(string source, TimeSpan limit)
        {
            for (var end = Environment.TickCount64 + limit.TotalMilliseconds; Environment.TickCount64 < end;)
            {
                while (_lines.Reader.TryRead(out var line))
                    if (line.Contains(source, StringComparison.Ordinal)) return true;
                await Task.Delay(1, TestContext.Current.CancellationToken);
            }

            return false;
        }

        public async Task<string> NextOf(string source)
        {
            while (true)
            {
                var line = await _lines.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().InTime();
                if (line.Contains(source, StringComparison.Ordinal)) return line;
            }
        }
    }

    private sealed class LineLogger : ReceiveActor, IRequiresMessageQueue<ILoggerMessageQueueSemantics>
    {
        public LineLogger()
        {
            var lines = Lines.ByName[Context.System.Settings.Config.GetString("lines")];
            Receive<InitializeLogger>(_ => Sender.Tell(new LoggerInitialized()));
            Receive<LogEvent>(e => lines.Add($"{e.LogLevel().StringFor()} {e.LogSource} {e.Message} {e.Cause?.Message}"));
        }
    }
}
