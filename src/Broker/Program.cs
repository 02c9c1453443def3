using UdsBroker.Broker.Hosting;

return await new BrokerCommand(Console.Out, Console.Error, (source, settings, config) => BrokerHost.RunAsync(source, settings, config, Console.Error)).RunAsync(args);
