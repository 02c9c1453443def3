using UdsBroker.Cli;

var parsed = CommandTree.Read(CommandTree.Create(), args);
return parsed.Errors.Count > 0
    ? await WrongCommandLine.ExplainAsync(parsed).ConfigureAwait(false)
    : await parsed.InvokeAsync().ConfigureAwait(false);
