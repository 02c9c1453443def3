using System.Threading.Channels;
using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using Akka.Streams;
using Akka.Streams.Dsl;

namespace UdsBroker.Compat.Streams.Tests;

public sealed class LoggingTests : IAsyncLifetime
{
    private readonly ActorSystem _system = ActorSystem.Create(
        "logging", ConfigurationFactory.ParseString("akka { loglevel = ERROR, stdout-loglevel = OFF, loggers = [] }"));
    private readonly Channel<Error> _errors = Channel.CreateUnbounded<Error>();
    private readonly InvalidOperationException _trouble = new("trouble");

    [Fact]
    public async Task An_exception_in_a_handler_is_logged_once_as_an_error()
    {
        _ = Source.Single("a").Via(new ThrowingStage(_trouble)).RunWith(Sink.Ignore<string>(), _system.Materializer());
        var error = await NextAsync();
        Assert.Same(_trouble, error.Cause);
        Assert.Contains("Error in stage", error.Message.ToString(), StringComparison.Ordinal);
        Assert.False(_errors.Reader.TryPeek(out _));
    }

    [Fact]
    public async Task A_stage_can_log()
    {
        var source = Source.FromGraph(new ManualSource<string>()).To(Sink.Ignore<string>()).Run(_system.Materializer());
        await source.DoAsync(port => port.Log.Error(_trouble, "something about {0}", "a thing"));
        var error = await NextAsync();
        Assert.Same(_trouble, error.Cause);
        Assert.Equal("something about a thing", error.Message.ToString());
    }

    public ValueTask InitializeAsync()
    {
        _system.EventStream.Subscribe(_system.ActorOf(Props.Create(() => new Listener(_errors.Writer))), typeof(Error));
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync() => await _system.Terminate();

    private async Task<Error> NextAsync() =>
        await _errors.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(60));

    private sealed class Listener : ReceiveActor
    {
        public Listener(ChannelWriter<Error> errors) => Receive<Error>(error => errors.TryWrite(error));
    }
}
