namespace Akka.Event;

/// <summary>The log message that the logging extensions make.</summary>
internal sealed class LogMessageWithArguments : LogMessage
{
    private readonly object[] _arguments;

    public LogMessageWithArguments(ILogMessageFormatter formatter, string format, object[] arguments)
        : base(formatter, format) => _arguments = arguments;

    public override string Unformatted() => string.Join(",", _arguments);

    public override IEnumerable<object> Parameters() => _arguments;
}
